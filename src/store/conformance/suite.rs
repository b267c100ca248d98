//! What is made of the catalogue: functions of the groups, and tests of a host.

/// The public functions of a group. `$on` hands a check what it works with.
macro_rules! group {
    (
        ($harness:ident: $bound:path) ($on:ident)
        $($module:ident { $($clause:ident $id:ident $promise:literal)+ })+
    ) => {
        $($(
            #[doc = concat!("**", stringify!($clause), "**: ", $promise, ".")]
            ///
            /// The [kit](crate::store::conformance) has an example.
            #[must_use]
            pub fn $id<$harness: $bound>() -> Check<$harness> {
                Check::new(stringify!($id), Clause::$clause, $promise, |subject| {
                    $on(subject, $module::$id)
                })
            }
        )+)+

        /// Every check of the group.
        ///
        /// The [kit](crate::store::conformance) has an example.
        #[must_use]
        pub fn all<$harness: $bound>() -> Vec<Check<$harness>> {
            vec![$($($id()),+),+]
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_tests {
    (harness: $harness:expr, groups: [$($group:ident),+ $(,)?] $(,)?) => {
        $crate::store::conformance::tests! { harness: $harness, when: true, groups: [$($group),+] }
    };
    (harness: $harness:expr, when: $when:expr, groups: [$($group:ident),+ $(,)?] $(,)?) => {
        $(
            $crate::store::conformance::__group! {
                $group [$crate::store::conformance::__each_test] ($group) ($harness) ($when)
            }
        )+
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_each_test {
    (
        ($group:ident) ($harness:expr) ($when:expr)
        $($module:ident { $($clause:ident $id:ident $promise:literal)+ })+
    ) => {
        $($(
            #[test]
            fn $id() {
                if !$when {
                    return;
                }
                let check = $crate::store::conformance::$group::$id();
                if let Err(violation) = check.run(&$harness) {
                    panic!("{violation}");
                }
            }
        )+)+
    };
}

#[doc(hidden)]
pub use super::catalogue::__group;
#[doc(hidden)]
pub use __conformance_each_test as __each_test;
/// One test for each check of these groups, named after it.
///
/// `harness` is an expression that makes the harness, anew for each test. `groups` names what the
/// store can do, by the [table](super#groups). A group that asks for more than the store has does not
/// compile.
///
/// With `when: server_is_there(),` between the two, tests do nothing while that is false: for a store on
/// a server that not every machine has. Whatever says so should say it loudly, and somewhere it should be a
/// failure.
///
/// The [kit](crate::store::conformance) has an example.
#[doc(inline)]
pub use __conformance_tests as tests;
pub(super) use group;
