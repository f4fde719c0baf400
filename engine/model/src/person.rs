//! People: who they are, what they may do, and what they show.

use crate::PersonId;

/// What a person is to the organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PersonKind {
    /// Staff, in a unit or (an external expert) in none.
    Member,
    /// Somebody the organisation serves.
    Customer,
    /// A script or plugin that answers.
    Robot,
}

impl PersonKind {
    /// All of them, in the order of the vocabulary.
    pub const ALL: [Self; 3] = [Self::Member, Self::Customer, Self::Robot];

    /// The word in tables and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Customer => "customer",
            Self::Robot => "robot",
        }
    }

    /// The kind with this name, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What a member may do beyond chatting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Serves customers.
    Agent,
    /// Watches and helps agents.
    Supervisor,
    /// Changes settings, scripts, forms and people.
    Admin,
    /// Reads what was done and by whom.
    Auditor,
}

impl Role {
    /// All of them, in the order of their bits.
    pub const ALL: [Self; 4] = [Self::Agent, Self::Supervisor, Self::Admin, Self::Auditor];

    /// The word in tables and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::Admin => "admin",
            Self::Auditor => "auditor",
        }
    }

    /// The role with this name, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    fn bit(self) -> u32 {
        match self {
            Self::Agent => 1,
            Self::Supervisor => 2,
            Self::Admin => 4,
            Self::Auditor => 8,
        }
    }
}

/// A set of roles, kept as bits (agent 1, supervisor 2, admin 4, auditor 8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Roles(pub u32);

impl Roles {
    /// Whether `role` is among them.
    pub fn has(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }

    /// These and `role`.
    #[must_use]
    pub fn with(self, role: Role) -> Self {
        Self(self.0 | role.bit())
    }

    /// Each role in the set, in the order of [`Role::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.has(*role))
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<T: IntoIterator<Item = Role>>(roles: T) -> Self {
        roles.into_iter().fold(Self::default(), Self::with)
    }
}

/// What a person shows of themselves to those who look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Status {
    /// Here.
    #[default]
    Online,
    /// Here, but shown as offline to others.
    Hide,
    /// Here, and not to be disturbed.
    Busy,
    /// Here, but not at the keyboard.
    Away,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Online, Self::Hide, Self::Busy, Self::Away];

    /// The word in tables and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Hide => "hide",
            Self::Busy => "busy",
            Self::Away => "away",
        }
    }

    /// The status with this name, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// A person as the directory knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// What they are to the organisation.
    pub kind: PersonKind,
    /// What they sign in with; customers and robots may have none.
    pub login: Option<String>,
    /// What others call them.
    pub name: String,
    /// Address of a picture; empty where one is drawn from the name.
    pub avatar: String,
    /// The line they write about themselves.
    pub sign: String,
    /// What they may do.
    pub roles: Roles,
    /// Whether they may sign in and be written to.
    pub active: bool,
    /// What they chose to show.
    pub status: Status,
}
