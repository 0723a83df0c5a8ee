//! The switches with which a test makes LINE misbehave.
//!
//! It only decides what trouble meets a request; carrying it out is the caller's business.

/// Paths on which messages are sent.
const SENDING: &str = "/v2/bot/message/";

/// What happens to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Answered with this 5xx status before anything was done.
    RefuseBefore(u16),
    /// Accepted and delivered, then answered with this 5xx status.
    FailAfter(u16),
    /// Accepted and delivered; the answer never arrives.
    LoseAnswer,
    /// The connection breaks before anything was done.
    DropConnection,
    /// Processed at once, answered so many milliseconds later.
    DelayMs(i64),
    /// 429, as if the rate bucket were empty.
    RateLimited,
    /// 429 on sending, as if the quota were used up.
    MonthlyLimit,
    /// 401, as if the token had been revoked.
    Unauthorized,
    /// 200 to a message that reaches nobody, as in a real outage.
    Quiet200,
}

/// Trouble for the next requests to some paths.
#[derive(Clone, Debug)]
struct Queued {
    path_prefix: String,
    remaining: u32,
    trouble: Trouble,
}

/// Every switch is off by default. Fields stay in force until changed; `next` serves a number of requests.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// Every request gets 500 before anything is done.
    pub refuse_all_5xx_before: bool,
    /// Every request is carried out and then answered with 500.
    pub refuse_all_5xx_after: bool,
    /// Every request is carried out and its answer lost.
    pub lose_all_answers: bool,
    /// Every message is carried out and the answer lost; all other requests are answered.
    pub lose_sending_answers: bool,
    /// Every request meets an empty rate bucket.
    pub rate_limited: bool,
    /// Every message meets an exhausted quota.
    pub monthly_limit: bool,
    /// Every token is refused.
    pub unauthorized: bool,
    /// Every connection breaks before the request is read.
    pub drop_connection: bool,
    /// Every answer comes so many milliseconds late.
    pub delay_ms: i64,
    /// Messages are accepted and counted as nothing, and reach nobody.
    pub quiet_200: bool,
    /// Messages reserved by somebody else's running broadcast: sending may meet the monthly limit for a while.
    pub quota_reserved_messages: u64,
    /// The consumption endpoint lags behind by so many messages.
    pub consumption_lag_messages: u64,
    /// Pushes to one person within 60 s before LINE calls it a flood (429); `None` is no limit.
    pub same_user_pushes_per_minute_max: Option<u32>,
    /// How long a reply token lives after its webhook; `None` is the usual 60,000 ms.
    pub reply_token_life_ms: Option<i64>,
    /// How many due events go into one webhook body; 0 and 1 both mean one.
    pub webhook_batching: usize,
    /// Every webhook arrives a second time, unmarked, as network trouble makes it.
    pub webhook_duplicate: bool,
    /// Events come up to 3 s late and in any order.
    pub webhook_reorder: bool,
    /// Events wait inside LINE until the switch is off again, as in an outage.
    pub webhook_held: bool,
    /// Events of groups come without the member's id.
    pub group_without_user_ids: bool,
    /// Events are lost, as with the console's webhook switch off.
    pub webhook_off: bool,
    /// Webhooks come so many milliseconds late.
    pub webhook_delay_ms: i64,
    /// Redeliveries of one event at most; `None` is 5. Only used when the channel has redelivery on.
    pub redeliveries_max: Option<u32>,
    /// LINE promises no number of redeliveries: on draws it for each event from 0 to the maximum.
    pub redelivery_may_stop_early: bool,
    /// Unknown fields, unknown event types, either case of the signature header.
    pub unknown_event_noise: bool,
    /// Another module has the conversation: `mode` is `standby` and no event can be answered.
    pub webhook_standby: bool,
    /// `follow.isUnblocked` says the opposite of the truth, which LINE's documents allow.
    pub follow_flag_wrong: bool,
    queue: Vec<Queued>,
}

impl Faults {
    /// The next `count` requests whose path starts with `path_prefix` meet this trouble, before all fields.
    pub fn next(&mut self, path_prefix: &str, count: u32, trouble: Trouble) {
        self.queue.push(Queued { path_prefix: path_prefix.to_owned(), remaining: count, trouble });
    }

    /// What meets a request to this path now; a queued trouble is used up by one.
    pub(super) fn take(&mut self, path: &str) -> Option<Trouble> {
        self.queue.retain(|queued| queued.remaining > 0);
        if let Some(queued) =
            self.queue.iter_mut().find(|queued| path.starts_with(&queued.path_prefix))
        {
            queued.remaining -= 1;
            return Some(queued.trouble);
        }
        let switches = [
            (self.drop_connection, Trouble::DropConnection),
            (self.refuse_all_5xx_before, Trouble::RefuseBefore(500)),
            (self.unauthorized, Trouble::Unauthorized),
            (self.rate_limited, Trouble::RateLimited),
            (self.monthly_limit, Trouble::MonthlyLimit),
            (self.refuse_all_5xx_after, Trouble::FailAfter(500)),
            (self.lose_all_answers, Trouble::LoseAnswer),
            (self.lose_sending_answers && path.starts_with(SENDING), Trouble::LoseAnswer),
            (self.quiet_200, Trouble::Quiet200),
            (self.delay_ms > 0, Trouble::DelayMs(self.delay_ms)),
        ];
        switches.into_iter().find(|(on, _)| *on).map(|(_, trouble)| trouble)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queued_trouble_serves_its_number_of_matching_requests_and_ends() {
        let mut faults = Faults::default();
        faults.next("/v2/bot/message", 2, Trouble::LoseAnswer);
        assert_eq!(faults.take("/v2/bot/info"), None);
        assert_eq!(faults.take("/v2/bot/message/push"), Some(Trouble::LoseAnswer));
        assert_eq!(faults.take("/v2/bot/message/push"), Some(Trouble::LoseAnswer));
        assert_eq!(faults.take("/v2/bot/message/push"), None);
    }

    #[test]
    fn answers_to_messages_can_be_lost_while_others_arrive() {
        let mut faults = Faults { lose_sending_answers: true, ..Faults::default() };
        assert_eq!(faults.take("/oauth2/v3/token"), None);
        assert_eq!(faults.take("/v2/bot/info"), None);
        assert_eq!(faults.take("/v2/bot/message/push"), Some(Trouble::LoseAnswer));
    }

    #[test]
    fn a_field_stays_in_force_and_queued_trouble_goes_first() {
        let mut faults = Faults { rate_limited: true, ..Faults::default() };
        faults.next("/", 1, Trouble::RefuseBefore(503));
        assert_eq!(faults.take("/a"), Some(Trouble::RefuseBefore(503)));
        assert_eq!(faults.take("/a"), Some(Trouble::RateLimited));
        assert_eq!(faults.take("/a"), Some(Trouble::RateLimited));
    }
}
