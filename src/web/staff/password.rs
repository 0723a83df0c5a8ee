//! Passwords of staff: which are taken, and how they are hashed and compared. Hashing is slow and
//! large on purpose (argon2id, 19 MiB, two passes), so only two run at once, away from the tasks.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use crate::domain::staff::PasswordHash;
use crate::web::random;
use crate::web::trouble::Trouble;

/// Shortest and longest password, in characters.
pub(super) const CHARS: std::ops::RangeInclusive<usize> = 12..=128;

/// Hashes that are computed at once: each takes 19 MiB and a core.
const AT_ONCE: usize = 2;

/// Passwords of strangers that are compared or wait for it. For more there is no time anyway, and each holds one of the places
/// of the server meanwhile: a flood of log-ins that filled them all kept LINE out.
const STRANGERS_MAX: usize = 32;

/// How long one waits for its turn.
const TURN_WAIT: Duration = Duration::from_secs(10);

/// Memory in KiB, passes and lanes: the floor that OWASP's password sheet and ASVS name.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Blocks of 1 KiB in an area of memory that goes back to the system when it is not used any more; see [`output`].
const AREA_BLOCKS_MIN: usize = 40 * 1024;

/// What has to be left of a password when the words that everybody tries are taken out of it.
const REST_CHARS_MIN: usize = 6;

/// Different characters that this rest has at least.
const DIFFERENT_CHARS_MIN: usize = 4;

/// Shorter parts of a name are no words of it.
const OWN_WORD_CHARS_MIN: usize = 3;

/// The hash of a password that nobody has: compared against where there is no account, so that the
/// answer takes as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$a1HnC5bW2dW9Xo0G0mQxKA$\
                      Y0aUnQGZxS7rUQxJx0u1t4m2sVfXx5x0S8m1mH0m3mE";

/// Words that passwords are most often made of, one a line.
const COMMON: &str = include_str!("../../../assets/passwords/common.txt");

/// Why a password is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fault {
    /// Fewer than 12 characters.
    Short,
    /// More than 128 characters.
    Long,
    /// Little more than words that everybody tries first.
    Common,
}

/// The password as it is hashed: keyboards write the same letter in different ways.
fn written(text: &str) -> String {
    text.nfc().collect()
}

/// Judges a new password. `avoid` are texts that everybody knows: the name of the office, that of
/// the account.
pub(super) fn judge(text: &str, avoid: &[&str]) -> Result<(), Fault> {
    let count = text.nfc().take(CHARS.end() + 1).count();
    if count < *CHARS.start() {
        return Err(Fault::Short);
    }
    if count > *CHARS.end() {
        return Err(Fault::Long);
    }
    let mut rest: Vec<char> = rest_of(text, avoid).chars().collect();
    let enough = rest.len() >= REST_CHARS_MIN;
    rest.sort_unstable();
    rest.dedup();
    if enough && rest.len() >= DIFFERENT_CHARS_MIN { Ok(()) } else { Err(Fault::Common) }
}

/// What is left when everything that is easily guessed is taken out.
fn rest_of(text: &str, avoid: &[&str]) -> String {
    let common = || COMMON.lines().map(folded);
    let names =
        avoid.iter().flat_map(|name| name.split(|c: char| !c.is_alphanumeric()).map(folded));
    // Of a name like "Midori City Council" also the part that is not in every such name.
    let own = names.flat_map(|name| [without(&name, common().collect()), name]);
    let own = own.filter(|word| word.chars().count() >= OWN_WORD_CHARS_MIN);
    without(&folded(text), common().chain(own).collect())
}

/// Any width and case as one, without spaces.
fn folded(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace()).collect()
}

/// A text without these words, the longest taken out first.
fn without(text: &str, mut words: Vec<String>) -> String {
    words.retain(|word| !word.is_empty());
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words.iter().fold(text.to_owned(), |rest, word| rest.replace(word.as_str(), ""))
}

/// Where somebody waits whose password is to be compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Queue {
    /// Who has logged in before, in this browser: never sent away for what strangers do.
    Known,
    /// Anybody else. When too many of them wait, the next is sent away at once.
    Strangers,
}

/// Hashes and compares, two at once.
#[derive(Clone, Debug)]
pub(super) struct Hasher {
    turns: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
}

impl Default for Hasher {
    fn default() -> Self {
        let of = |places| Arc::new(Semaphore::new(places));
        Self { turns: of(AT_ONCE), strangers: of(STRANGERS_MAX) }
    }
}

impl Hasher {
    /// Hashes a new password.
    pub(super) async fn hash(&self, password: &str) -> Result<PasswordHash, Trouble> {
        let (password, salt) = (written(password), random::bytes::<16>()?);
        self.run(move || {
            let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| ())?;
            let hash = phc::PasswordHash {
                algorithm: Algorithm::Argon2id.ident(),
                version: Some(Version::V0x13.into()),
                params: phc::ParamsString::try_from(&params).map_err(|_| ())?,
                salt: Some(phc::Salt::new(&salt).map_err(|_| ())?),
                hash: Some(output(password.as_bytes(), &salt, params)?),
            };
            Ok(PasswordHash(hash.to_string()))
        })
        .await
    }

    /// Compares a password with a hash. Without one, as much work is done in vain.
    pub(super) async fn matches(
        &self,
        password: &str,
        hash: Option<&PasswordHash>,
        queue: Queue,
    ) -> Result<bool, Trouble> {
        let place = match queue {
            Queue::Known => None,
            Queue::Strangers => {
                let place = Arc::clone(&self.strangers).try_acquire_owned();
                Some(place.map_err(|_| Trouble::Busy)?)
            }
        };
        let password = written(password);
        let is_somebody = hash.is_some();
        let hash = hash.map_or_else(|| NOBODY.to_owned(), |hash| hash.0.clone());
        // More than any password can be is not worth hashing, but the work is done all the same.
        let fits = password.chars().count() <= *CHARS.end();
        let password = if fits { password } else { String::new() };
        let same = self.run(move || {
            let known = phc::PasswordHash::new(&hash).map_err(|_| ())?;
            let params = Params::try_from(&known).map_err(|_| ())?;
            let (Some(salt), Some(hash)) = (known.salt, known.hash) else { return Err(()) };
            if known.algorithm != Algorithm::Argon2id.ident() {
                return Err(());
            }
            // Takes as long wherever the two differ.
            let same = output(password.as_bytes(), &salt, params)? == hash;
            drop(place);
            Ok(same)
        });
        Ok(same.await? && is_somebody && fits)
    }

    /// Runs slow work when it is its turn. The place is held until the work is done, also where
    /// nobody waits for it any more.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, ()> + Send + 'static,
    ) -> Result<T, Trouble> {
        let turn = tokio::time::timeout(TURN_WAIT, Arc::clone(&self.turns).acquire_owned());
        let Ok(Ok(place)) = turn.await else { return Err(Trouble::Busy) };
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(place);
            done
        });
        done.await.ok().and_then(Result::ok).ok_or(Trouble::Hash)
    }
}

/// What a password comes to with a salt.
///
/// The memory for it is asked for as one area larger than any allocator keeps for itself (glibc's 32 MiB, the binary's
/// jemalloc 8): it comes from the system and goes back at once. Smaller ones glibc's keeps and cuts up among other uses, so
/// that the next one finds no room and takes more: a flood of log-ins took 650 MB. What is asked for and not touched costs nothing.
fn output(password: &[u8], salt: &[u8], params: Params) -> Result<phc::Output, ()> {
    let (count, length) = (params.block_count(), params.output_len());
    let mut bytes = [0; phc::Output::MAX_LENGTH];
    let bytes = bytes.get_mut(..length.unwrap_or(Params::DEFAULT_OUTPUT_LEN)).ok_or(())?;
    let mut memory = Vec::with_capacity(count.max(AREA_BLOCKS_MIN));
    memory.resize(count, Block::default());
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2
        .hash_password_into_with_memory(password, salt, bytes, memory.as_mut_slice())
        .map_err(|_| ())?;
    phc::Output::new(bytes).map_err(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_long_enough_and_not_what_everybody_tries() {
        let office = ["みどり市社会福祉協議会 Midori-Shakyo", "山田花子"];
        for (text, judged) in [
            ("", Err(Fault::Short)),
            ("Tr0ub4dor&3", Err(Fault::Short)),
            ("あいうえおかきくけこさ", Err(Fault::Short)),
            ("correct horse battery staple", Ok(())),
            ("さくら咲く丘の白い家", Err(Fault::Short)),
            ("さくら咲く丘の上の白い家", Ok(())),
            ("x$9!k^&*~w;(", Ok(())),
            ("!@#$%^&*()_+", Err(Fault::Common)),
            ("password!!!!!!!", Err(Fault::Common)),
            ("みどり市みどり市みどり市", Err(Fault::Common)),
            ("password1234", Err(Fault::Common)),
            ("Ｐａｓｓｗｏｒｄ！！２０２６", Err(Fault::Common)),
            ("123456789012", Err(Fault::Common)),
            ("aaaaaaaaaaaa", Err(Fault::Common)),
            ("abababababababab", Err(Fault::Common)),
            ("qwertyuiop123", Err(Fault::Common)),
            ("MidoriShakyo2026", Err(Fault::Common)),
            ("みどり市社会福祉協議会2026", Err(Fault::Common)),
            ("山田花子山田花子山田花子", Err(Fault::Common)),
            ("anshin-mimamori-2026", Err(Fault::Common)),
            ("anshin-kawara-tsubame", Ok(())),
        ] {
            assert_eq!(judge(text, &office), judged, "{text}");
        }
        let long = "ab1cd2ef3g".repeat(13);
        assert_eq!(judge(&long[..128], &office), Ok(()));
        assert_eq!(judge(&long, &office), Err(Fault::Long));
        assert_eq!(judge(&"あ".repeat(2_000_000), &office), Err(Fault::Long));
    }

    #[tokio::test]
    async fn a_hash_tells_its_parameters_and_matches_its_password_alone() {
        let hasher = Hasher::default();
        let hash = hasher.hash("correct horse battery staple").await.unwrap();
        assert!(hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.0);
        assert_ne!(hash, hasher.hash("correct horse battery staple").await.unwrap());
        assert!(
            hasher
                .matches("correct horse battery staple", Some(&hash), Queue::Known)
                .await
                .unwrap()
        );
        assert!(
            !hasher
                .matches("correct horse battery stapler", Some(&hash), Queue::Known)
                .await
                .unwrap()
        );
        let long = "x".repeat(129);
        assert!(!hasher.matches(&long, Some(&hash), Queue::Known).await.unwrap());
        let broken = PasswordHash("$argon2id$".to_owned());
        assert!(matches!(
            hasher.matches("x", Some(&broken), Queue::Known).await,
            Err(Trouble::Hash)
        ));
    }

    #[tokio::test]
    async fn a_password_matches_however_the_keyboard_composes_it() {
        let hasher = Hasher::default();
        let hash = hasher.hash("ガラスのうさぎと海の家").await.unwrap();
        let decomposed = "カ\u{3099}ラスのうさき\u{3099}と海の家";
        assert!(hasher.matches(decomposed, Some(&hash), Queue::Known).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_costs_as_much_as_somebody_and_never_matches() {
        let known = phc::PasswordHash::new(NOBODY).unwrap();
        let params = Params::try_from(&known).unwrap();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (19_456, 2, 1));
        assert!(!Hasher::default().matches("", None, Queue::Known).await.unwrap());
    }

    #[tokio::test]
    async fn of_a_flood_of_strangers_most_are_sent_away_at_once_and_who_is_known_is_not() {
        let hasher = Hasher::default();
        let turns = Arc::clone(&hasher.turns).acquire_many_owned(2).await.unwrap();
        let ask = |queue| {
            let hasher = hasher.clone();
            tokio::spawn(async move { hasher.matches("anshin", None, queue).await })
        };
        let waiting: Vec<_> = (0..STRANGERS_MAX).map(|_| ask(Queue::Strangers)).collect();
        tokio::task::yield_now().await;
        assert!(matches!(ask(Queue::Strangers).await.unwrap(), Err(Trouble::Busy)));
        let known = ask(Queue::Known);
        // Whoever hangs up gives the place back.
        waiting.iter().for_each(tokio::task::JoinHandle::abort);
        drop(turns);
        assert!(!known.await.unwrap().unwrap());
        assert!(!ask(Queue::Strangers).await.unwrap().unwrap());
    }
}
