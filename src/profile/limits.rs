//! The limits of a profile, and the one check that every text passes.

use super::error::{ProfileError, ProfileInput};

/// Longest name of an organisation or person, in bytes of UTF-8.
pub const NAME_BYTES_MAX: usize = 512;

/// Longest other text (a contact value or label, an industry, an occupation, an interest), in bytes of
/// UTF-8.
pub const VALUE_BYTES_MAX: usize = 512;

/// Longest name of another system in an [`ExternalKey`](super::ExternalKey), in bytes of UTF-8.
pub const SYSTEM_BYTES_MAX: usize = 64;

/// Longest key in an [`ExternalKey`](super::ExternalKey), in bytes of UTF-8.
pub const KEY_BYTES_MAX: usize = 256;

/// Most contact points of one profile.
pub const CONTACTS_MAX: usize = 64;

/// Most external keys of one profile.
pub const EXTERNAL_KEYS_MAX: usize = 32;

/// Most interests of one person.
pub const INTERESTS_MAX: usize = 64;

/// Gives the text back as it came when it may stand in a profile.
///
/// Length is judged first, so that the cost of refusing does not grow with what is refused.
pub(super) fn checked_text(
    input: ProfileInput,
    text: String,
    bytes_max: usize,
) -> Result<String, ProfileError> {
    if text.len() > bytes_max {
        return Err(ProfileError::TooLong { input, bytes: text.len(), bytes_max });
    }
    // Before the blank check: a lone line break is both, and the control character is the cause.
    if text.chars().any(char::is_control) {
        return Err(ProfileError::ControlCharacter { input });
    }
    if text.trim().is_empty() {
        return Err(ProfileError::Empty { input });
    }
    Ok(text)
}

/// Refuses a list of `count` entries when that is more than it may hold.
pub(super) fn check_count(
    input: ProfileInput,
    count: usize,
    count_max: usize,
) -> Result<(), ProfileError> {
    if count > count_max { Err(ProfileError::TooMany { input, count_max }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use crate::profile::{
        ContactKind, ContactPoint, ExternalKey, Organisation, Person, Profile, ProfileCommand,
        decide,
    };

    use super::*;

    type Make = fn(String) -> Result<(), ProfileError>;
    type Command = fn(String) -> ProfileCommand;

    /// Every text that a profile can hold, with its limit.
    const TEXTS: [(ProfileInput, usize, Make); 9] = [
        (ProfileInput::Name, NAME_BYTES_MAX, |text| Organisation::new(text).map(drop)),
        (ProfileInput::Name, NAME_BYTES_MAX, |text| Person::new(text).map(drop)),
        (ProfileInput::Industry, VALUE_BYTES_MAX, |text| {
            Organisation::new("a")?.with_industry(text).map(drop)
        }),
        (ProfileInput::Occupation, VALUE_BYTES_MAX, |text| {
            Person::new("a")?.with_occupation(text).map(drop)
        }),
        (ProfileInput::Interests, VALUE_BYTES_MAX, |text| {
            Person::new("a")?.with_interest(text).map(drop)
        }),
        (ProfileInput::ContactValue, VALUE_BYTES_MAX, |text| {
            ContactPoint::new(ContactKind::Postal, text).map(drop)
        }),
        (ProfileInput::ContactLabel, VALUE_BYTES_MAX, |text| {
            ContactPoint::new(ContactKind::Other, "a")?.with_label(text).map(drop)
        }),
        (ProfileInput::KeySystem, SYSTEM_BYTES_MAX, |text| ExternalKey::new(text, "a").map(drop)),
        (ProfileInput::Key, KEY_BYTES_MAX, |text| ExternalKey::new("a", text).map(drop)),
    ];

    #[test]
    fn a_text_may_fill_its_limit_and_not_pass_it() {
        for (input, bytes_max, make) in TEXTS {
            assert_eq!(make("a".repeat(bytes_max)), Ok(()));
            let bytes = bytes_max + 1;
            let error = ProfileError::TooLong { input, bytes, bytes_max };
            assert_eq!(make("a".repeat(bytes)), Err(error));
            // Bytes count, not characters: one 关 is three bytes.
            assert_eq!(make("关".repeat(bytes_max / 3)), Ok(()));
            assert!(make("关".repeat(bytes_max / 3 + 1)).is_err());
        }
    }

    #[test]
    fn a_text_holds_something_to_see_and_no_control_character() {
        for (input, _, make) in TEXTS {
            for blank in ["", " ", " \u{3000}\u{a0}"] {
                assert_eq!(make(blank.into()), Err(ProfileError::Empty { input }));
            }
            for control in ["\0", "a\0", "a\nb", "\ta", "a\u{7f}", "\u{85}", "\n"] {
                assert_eq!(make(control.into()), Err(ProfileError::ControlCharacter { input }));
            }
            assert_eq!(make(" 福 ".into()), Ok(()));
        }
    }

    #[test]
    fn text_is_kept_as_given() {
        let given = "  Ĺin 林\u{301} ";
        assert_eq!(Person::new(given).unwrap().name(), given);
        assert_eq!(ExternalKey::new(given, given).unwrap().key(), given);
    }

    /// A profile that the first `count` commands of a kind went into.
    fn filled(count: usize, command: Command) -> Profile {
        (0..count).fold(Profile::default(), |profile, index| {
            decide(&profile, &command(index.to_string())).unwrap().unwrap().profile
        })
    }

    fn add(value: String) -> ProfileCommand {
        ProfileCommand::AddContact(ContactPoint::new(ContactKind::Phone, value).unwrap())
    }

    fn link(key: String) -> ProfileCommand {
        ProfileCommand::LinkKey(ExternalKey::new("shop", key).unwrap())
    }

    #[test]
    fn a_list_may_fill_its_limit_and_not_pass_it() {
        let lists: [(_, _, Command); 2] = [
            (ProfileInput::Contacts, CONTACTS_MAX, add),
            (ProfileInput::ExternalKeys, EXTERNAL_KEYS_MAX, link),
        ];
        for (input, count_max, command) in lists {
            let full = filled(count_max, command);
            let error = ProfileError::TooMany { input, count_max };
            assert_eq!(decide(&full, &command("one more".into())), Err(error));
            // A full profile still answers for what it holds.
            assert_eq!(decide(&full, &command("0".into())), Ok(None));
        }
    }

    #[test]
    fn a_contact_of_a_full_profile_can_be_relabelled() {
        let full = filled(CONTACTS_MAX, add);
        let labelled = ContactPoint::new(ContactKind::Phone, "0").unwrap().with_label("desk");
        let command = ProfileCommand::AddContact(labelled.unwrap());
        let change = decide(&full, &command).unwrap().unwrap();
        assert_eq!(change.profile.contacts()[0].label(), Some("desk"));
        assert_eq!(change.profile.contacts().len(), CONTACTS_MAX);
        // And a source that knows no label leaves it.
        assert_eq!(decide(&change.profile, &add("0".into())), Ok(None));
    }

    #[test]
    fn interests_may_fill_their_limit_and_not_pass_it() {
        let full = (0..INTERESTS_MAX)
            .try_fold(Person::new("a").unwrap(), |person, index| {
                person.with_interest(index.to_string())
            })
            .unwrap();
        assert_eq!(full.interests().len(), INTERESTS_MAX);
        assert_eq!(full.clone().with_interest("0"), Ok(full.clone()));
        let error =
            ProfileError::TooMany { input: ProfileInput::Interests, count_max: INTERESTS_MAX };
        assert_eq!(full.with_interest("one more"), Err(error));
    }

    #[test]
    fn a_country_is_two_capital_letters() {
        use crate::profile::CountryCode;

        for code in ["AA", "CN", "ZZ"] {
            assert_eq!(CountryCode::new(code).unwrap().as_str(), code);
        }
        for code in ["", "C", "CHN", "cn", "C1", "@A", "A[", "é"] {
            assert_eq!(CountryCode::new(code), Err(ProfileError::NotCountryCode));
        }
    }
}
