//! Faults that the tests put into the machine, to show that the proof would see them. Never set outside tests.

/// One thing done wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// An assigned customer is given to a second agent too.
    TwoHolders,
    /// A requeued customer is in no queue.
    LostCustomer,
    /// The last in is the first out.
    LastInFirstOut,
    /// Nobody is ever full.
    CapacityIgnored,
    /// The lease stays as it was.
    LeaseNotGrown,
    /// An agent who declined is asked again at once.
    VetoIgnored,
    /// The customer's own agent is nothing special.
    OwnerForgotten,
    /// An offer that nobody answers stays.
    OfferForEver,
    /// Who is requeued goes to the end.
    RequeuedAtTheEnd,
    /// A transfer to the queue arrives nowhere.
    TransferDrops,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::TwoHolders,
        Self::LostCustomer,
        Self::LastInFirstOut,
        Self::CapacityIgnored,
        Self::LeaseNotGrown,
        Self::VetoIgnored,
        Self::OwnerForgotten,
        Self::OfferForEver,
        Self::RequeuedAtTheEnd,
        Self::TransferDrops,
    ];
}
