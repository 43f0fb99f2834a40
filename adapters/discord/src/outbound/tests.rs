use super::*;

#[test]
fn a_nonce_is_short_and_always_the_same() {
    let id = OutboundId("ffffffff-ffff-ffff-ffff-ffffffffffff".parse().expect("an id"));
    assert!(nonce(id, 99).len() <= 25);
    assert_eq!(nonce(id, 1), nonce(id, 1));
    assert_ne!(nonce(id, 1), nonce(id, 2));
    let other = OutboundId("ffffffff-ffff-ffff-ffff-fffffffffffe".parse().expect("an id"));
    assert_ne!(nonce(id, 1), nonce(other, 1));
}
