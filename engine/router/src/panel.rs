//! What LayIM's panel asks for, in its shapes.

use webim_hub::Shows;
use webim_model::{Person, Refusal, Status, UnitId};
use webim_wire::layim::{Friend, FriendGroup, Group, Init, Members, Mine};
use webim_wire::rest::PersonCard;

use crate::journey::store_failed;
use crate::queries::staff;
use crate::{Caller, Nay, Router};

impl Router {
    /// What a LayIM panel starts with: everybody by unit, and the caller's own units as groups.
    pub async fn layim_init(&self, caller: &Caller) -> Result<Init, Nay> {
        staff(caller)?;
        let me = self
            .0
            .store
            .person(caller.person)
            .await
            .map_err(store_failed)?;
        let me = me.ok_or(Refusal::PersonUnknown)?;
        let directory = self.0.directories.get().await.map_err(store_failed)?;
        let own = directory.conversations_of(caller.person, self.0.config.subtree);
        let friend = directory
            .units
            .iter()
            .map(|unit| FriendGroup {
                id: unit.row.id.0,
                groupname: unit.row.name.clone(),
                parent: unit.row.parent.map(|parent| parent.0),
                level: unit.level,
                list: unit
                    .people
                    .iter()
                    .filter(|id| **id != caller.person)
                    .filter_map(|id| directory.person(*id))
                    .map(|(person, _)| self.friend(person))
                    .collect(),
            })
            .collect();
        let group = directory
            .units
            .iter()
            .filter(|unit| own.contains(&unit.row.id))
            .map(|unit| Group {
                id: unit.row.id.0,
                groupname: unit.row.name.clone(),
                avatar: format!("/avatars/{}.svg", unit.row.id),
            })
            .collect();
        Ok(Init {
            mine: mine(&me),
            friend,
            group,
        })
    }

    /// The people of a unit of the caller's, for LayIM.
    pub async fn layim_members(&self, caller: &Caller, unit: UnitId) -> Result<Members, Nay> {
        staff(caller)?;
        let directory = self.0.directories.get().await.map_err(store_failed)?;
        let people = directory.held_by(unit, self.0.config.subtree);
        if !people.contains(&caller.person) {
            return Err(Refusal::UnitUnknown.into());
        }
        let list: Vec<_> = people
            .iter()
            .filter_map(|id| directory.person(*id))
            .map(|(person, _)| self.friend(person))
            .collect();
        Ok(Members {
            members: list.len() as u64,
            list,
        })
    }

    /// The name of a unit, for drawing its picture.
    pub async fn unit_name(&self, caller: &Caller, unit: UnitId) -> Result<String, Nay> {
        staff(caller)?;
        let directory = self.0.directories.get().await.map_err(store_failed)?;
        directory
            .unit(unit)
            .map(|unit| unit.row.name.clone())
            .ok_or_else(|| Refusal::UnitUnknown.into())
    }

    fn friend(&self, person: &Person) -> Friend {
        let card = PersonCard::from(person);
        let online = self.0.presence.shows(person.id) != Shows::Offline;
        Friend {
            id: card.id,
            username: card.name,
            avatar: card.avatar,
            sign: card.sign,
            status: if online { "online" } else { "offline" }.into(),
        }
    }
}

fn mine(me: &Person) -> Mine {
    let card = PersonCard::from(me);
    Mine {
        id: card.id,
        username: card.name,
        status: if me.status == Status::Hide {
            "hide"
        } else {
            "online"
        }
        .into(),
        sign: card.sign,
        avatar: card.avatar,
    }
}
