//! Every refusal a person can meet: one table of stable codes, HTTP statuses and sentences.
//!
//! The code is the contract; the sentences are for people and may change.

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident, $code:literal, $status:literal, $retry:literal, $en:literal, $zh:literal;)*) => {
        /// Why something was not done. Nothing was stored when one is returned, except as its text says.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Refusal { $($(#[$doc])* $name,)* }

        impl Refusal {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code on the wire.
            pub fn code(self) -> &'static str { match self { $(Self::$name => $code,)* } }

            /// The HTTP status it is answered with over REST.
            pub fn status(self) -> u16 { match self { $(Self::$name => $status,)* } }

            /// Whether sending the same again later, unchanged, can succeed.
            pub fn retry(self) -> bool { match self { $(Self::$name => $retry,)* } }

            /// One English sentence.
            pub fn english(self) -> &'static str { match self { $(Self::$name => $en,)* } }

            /// One Chinese sentence.
            pub fn chinese(self) -> &'static str { match self { $(Self::$name => $zh,)* } }
        }
    };
}

refusals! {
    /// The frame or body is not JSON.
    BadJson, "bad_json", 400, false, "This is not valid JSON.", "内容不是有效的 JSON。";
    /// No such operation.
    UnknownOp, "unknown_op", 400, false, "There is no such operation.", "没有这个操作。";
    /// A field is missing, unknown or of the wrong type; the detail names it.
    BadField, "bad_field", 400, false, "A field is missing, unknown or of the wrong type.", "某个字段缺失、未知或类型不对。";
    /// Larger than the stated limit.
    FrameTooLarge, "frame_too_large", 413, false, "This is larger than the server accepts.", "内容超过服务器允许的大小。";
    /// A body over REST that does not say it is JSON.
    MediaType, "media_type", 415, false, "The Content-Type must be application/json.", "Content-Type 必须是 application/json。";
    /// The socket's first frame must be `hello`.
    HelloFirst, "hello_first", 400, false, "The first frame must be hello.", "第一帧必须是 hello。";
    /// A second `hello`.
    HelloRepeated, "hello_repeated", 400, false, "hello may be said only once.", "hello 只能发送一次。";
    /// No valid session, token or ticket.
    NotAuthenticated, "not_authenticated", 401, false, "Please sign in.", "请先登录。";
    /// Wrong login or password; which one is not said.
    LoginFailed, "login_failed", 401, false, "Login or password is wrong.", "用户名或密码不正确。";
    /// Too many failed sign-ins.
    LoginThrottled, "login_throttled", 429, true, "Too many attempts. Please wait a little.", "尝试次数过多，请稍后再试。";
    /// The page's Origin is not allowed.
    OriginNotAllowed, "origin_not_allowed", 403, false, "Requests from this site are not allowed.", "不允许来自该网站的请求。";
    /// The caller's role does not allow it.
    Forbidden, "forbidden", 403, false, "You may not do this.", "您没有权限执行此操作。";
    /// No such address.
    NotFound, "not_found", 404, false, "There is nothing here.", "此处没有内容。";
    /// The address has no such method.
    MethodNotAllowed, "method_not_allowed", 405, false, "This address does not take that method.", "该地址不支持此方法。";
    /// No such conversation, or not one of the caller's: the two look the same from outside.
    ConversationUnknown, "conversation_unknown", 404, false, "There is no such conversation for you.", "没有这个会话，或您不在其中。";
    /// No such person, or one who cannot be written to.
    PersonUnknown, "person_unknown", 404, false, "There is no such person.", "没有这个人。";
    /// No such unit, or not the caller's.
    UnitUnknown, "unit_unknown", 404, false, "There is no such department for you.", "没有这个部门，或您不在其中。";
    /// Writing to oneself.
    PersonIsSelf, "person_is_self", 400, false, "You cannot write to yourself.", "不能给自己发消息。";
    /// Nothing but white space.
    TextEmpty, "text_empty", 400, false, "The text is empty.", "内容为空。";
    /// Longer than the limit.
    TextTooLong, "text_too_long", 400, false, "The text is too long.", "内容过长。";
    /// Holds a character that cannot be stored.
    TextInvalid, "text_invalid", 400, false, "The text holds a NUL character.", "内容包含空字符（NUL）。";
    /// The same `client_id` was used for another message.
    ClientIdReused, "client_id_reused", 409, false, "This client_id was already used for another message.", "该 client_id 已用于另一条消息。";
    /// An agent's answer must name its lease.
    LeaseRequired, "lease_required", 409, false, "An answer to a customer must name its lease.", "回复客户时必须提供租约号。";
    /// Somebody else holds the conversation now.
    LeaseStale, "lease_stale", 409, false, "Somebody else holds this conversation now.", "该会话现由他人负责。";
    /// Faster than the limit; `retry_after` says how many milliseconds to wait.
    RateLimited, "rate_limited", 429, true, "Too fast. Please wait a little.", "操作过快，请稍候。";
    /// A queue inside the server is full.
    Busy, "busy", 503, true, "The server is busy. Please try again.", "服务器繁忙，请重试。";
    /// The database does not answer or cannot write; nothing was stored.
    StoreUnavailable, "store_unavailable", 503, true, "The message could not be stored. Please try again.", "消息未能保存，请重试。";
    /// Whether it was stored is not known; the same `client_id` with `retry: true` finds out.
    OutcomeUnknown, "outcome_unknown", 503, true, "It is not known yet whether this was stored. Please send it again.", "暂不能确定是否已保存，请重发。";
    /// No such file, or not one for the caller: the two look the same from outside.
    FileUnknown, "file_unknown", 404, false, "There is no such file for you.", "没有这个文件，或您无权查看。";
    /// An upload without a file in it, or with an empty one.
    FileMissing, "file_missing", 400, false, "There is no file in this request, or it is empty.", "请求中没有文件，或文件为空。";
    /// A kind of file that the operator does not allow.
    FileKind, "file_kind", 415, false, "Files of this kind are not accepted.", "不接受此类文件。";
    /// It is not what the place wants: no picture where one is to be shown, or a damaged one.
    FileBroken, "file_broken", 422, false, "This is not a picture that can be shown.", "这不是可以显示的图片。";
    /// Larger than files of its kind may be; the detail says how many bytes.
    FileTooLarge, "file_too_large", 413, false, "The file is too large.", "文件过大。";
    /// The person's files have used up what one person may keep.
    FileQuota, "file_quota", 413, false, "Your files have used up your space.", "您的文件空间已用完。";
    /// The range asked for begins beyond the end of the file.
    RangeUnsatisfiable, "range_unsatisfiable", 416, false, "The file ends before that range.", "请求的范围超出文件末尾。";
    /// No such message in the conversation, or not one that the caller may read.
    MessageUnknown, "message_unknown", 404, false, "There is no such message.", "没有这条消息。";
    /// Only the one who said something edits and recalls it.
    NotYours, "not_yours", 403, false, "Only the one who said this can change it.", "只有发送者本人可以更改这条消息。";
    /// The time in which a message can be edited or recalled is over, or the operator allows neither.
    TooLate, "too_late", 409, false, "It is too late to change this message.", "已超过可更改的时限。";
    /// The message was recalled before.
    AlreadyRecalled, "already_recalled", 409, false, "This message was recalled.", "这条消息已被撤回。";
    /// Not a message that can be edited, forwarded or reacted to.
    NotEditable, "not_editable", 409, false, "This cannot be done to a message of this kind.", "此类消息不支持该操作。";
    /// A mention of somebody who is not in the conversation.
    MentionUnknown, "mention_unknown", 422, false, "Somebody mentioned is not in this conversation.", "提到的人不在此会话中。";
    /// A reaction that is not an emoji.
    EmojiInvalid, "emoji_invalid", 422, false, "A reaction is one emoji.", "回应只能是一个表情符号。";
    /// A card whose title or link cannot be one.
    CardInvalid, "card_invalid", 422, false, "A card has a title of 1 to 200 characters, and its link begins with http.", "卡片标题须为 1 至 200 个字符，链接须以 http 开头。";
    /// A search without a letter, digit or character in it.
    QueryEmpty, "query_empty", 400, false, "There is nothing to look for.", "请输入要搜索的内容。";
    /// A search longer than the limit.
    QueryTooLong, "query_too_long", 400, false, "This is too long to look for.", "搜索内容过长。";
    /// The directory's version is not the one that the change was made from.
    DirectoryChanged, "directory_changed", 412, false, "The directory has changed meanwhile. Read it again.", "组织架构已有变化，请重新读取。";
    /// An unknown unit, a unit inside itself, a bad name: what an import would not take either; the detail names it.
    DirectoryInvalid, "directory_invalid", 422, false, "The directory would not be in order.", "该更改会使组织架构出错。";
    /// A hook refused it; the detail is the hook's.
    HookRefused, "hook_refused", 422, false, "A rule refused this message.", "消息被规则拒绝。";
    /// A hook that must answer did not.
    HookFailed, "hook_failed", 503, true, "A rule that must check this did not answer.", "必须执行的规则未能应答。";
    /// Hooks answered each other too often.
    LoopGuard, "loop_guard", 422, false, "Rules answered each other too often.", "规则之间相互触发次数过多。";
    /// A write over REST needs an `Idempotency-Key` (a UUID).
    IdempotencyKey, "idempotency_key", 400, false, "Idempotency-Key must be a UUID.", "Idempotency-Key 必须是 UUID。";
    /// The server has as many connections as it may.
    ServerFull, "server_full", 503, true, "The server has as many connections as it may. Please try again later.", "服务器连接数已满，请稍后再试。";
    /// Somebody administers the server already; the set-up link is dead.
    SetupDone, "setup_done", 410, false, "This server has an administrator already; the set-up link has done its work.", "服务器已有管理员，初始设置链接已失效。";
    /// Not the set-up link that is in force.
    SetupLinkUnknown, "setup_link_unknown", 404, false, "This is not the set-up link that is in force.", "该初始设置链接无效。";
    /// The set-up link is older than 24 hours.
    SetupLinkExpired, "setup_link_expired", 410, false, "This set-up link is older than 24 hours.", "该初始设置链接已超过 24 小时，已过期。";
    /// The old password is not the caller's.
    PasswordWrong, "password_wrong", 403, false, "The old password is wrong.", "原密码不正确。";
    /// A rule for passwords is not kept; the detail begins with the rule's name.
    PasswordWeak, "password_weak", 422, false, "This password is too easy to guess, or too long.", "密码过于简单或过长。";
    /// No such session, or another's: the two look the same from outside.
    SessionUnknown, "session_unknown", 404, false, "You have no such session.", "没有这个登录会话。";
    /// No such API token.
    TokenUnknown, "token_unknown", 404, false, "There is no such API token.", "没有这个 API 令牌。";
    /// The API token's scopes do not cover this address, or no scope does.
    ScopeMissing, "scope_missing", 403, false, "This API token may not do this.", "该 API 令牌无权执行此操作。";
    /// A host system's token that does not hold; the detail tells the host's developer why.
    HostTokenInvalid, "host_token_invalid", 401, false, "The host system's token is not valid.", "宿主系统的令牌无效。";
    /// A host system's token that has signed somebody in before.
    HostTokenUsed, "host_token_used", 401, false, "The host system's token has been used before.", "宿主系统的令牌已被使用。";
    /// The public keys of the host system are not known and cannot be fetched now.
    HostKeysUnavailable, "host_keys_unavailable", 503, true, "The host system's keys cannot be fetched now. Please try again later.", "暂时无法获取宿主系统的公钥，请稍后再试。";
    /// A signed address of a file that was altered, or belongs to another file.
    LinkInvalid, "link_invalid", 403, false, "This link is not valid.", "该链接无效。";
    /// A signed address of a file whose time is over.
    LinkExpired, "link_expired", 410, false, "This link has expired.", "该链接已过期。";
    /// Nobody would administer the server any more.
    LastAdmin, "last_admin", 409, false, "This is the last administrator.", "这是最后一位管理员。";
    /// An account is erased only once its person was deactivated.
    PersonActive, "person_active", 409, false, "This person is active. Deactivate them first.", "此人的账号仍在使用，请先停用。";
    /// Only who holds a service conversation, or a supervisor, may do this; the detail names the holder.
    NotHolder, "not_holder", 403, false, "Somebody else answers this customer.", "该客户由他人接待。";
    /// The customer is blocked.
    Blocked, "blocked", 403, false, "Your messages are not taken here.", "您的消息已被拒收。";
    /// No such customer.
    CustomerUnknown, "customer_unknown", 404, false, "There is no such customer.", "没有这位客户。";
    /// No such assignment.
    AssignmentUnknown, "assignment_unknown", 404, false, "There is no such assignment.", "没有这条分配记录。";
    /// No such reply at hand, or somebody else's own.
    CannedUnknown, "canned_unknown", 404, false, "There is no such reply.", "没有这条快捷回复。";
    /// The token that should say who a customer is does not hold; the detail says why.
    IdentityInvalid, "identity_invalid", 401, false, "This does not prove who the customer is.", "客户身份凭证无效。";
    /// No such agent, deactivated, without the role, or not one who may serve this customer.
    AgentUnknown, "agent_unknown", 404, false, "There is no such agent here.", "没有这位客服，或其不可接待。";
    /// The agent has as many customers as they may have.
    AgentFull, "agent_full", 409, true, "This agent has as many customers as they may have.", "该客服接待数已满。";
    /// The agent has no connection or is on a break; an explicit `force` leaves the customer with them all the same.
    AgentAway, "agent_away", 409, true, "This agent is not here now.", "该客服当前不在。";
    /// A transfer to who holds it already.
    TransferSelf, "transfer_self", 400, false, "They answer this customer already.", "该客户已由其接待。";
    /// The same hand-over a second time within a minute, with no message between.
    TransferCircle, "transfer_circle", 409, true, "This customer was just passed to and fro. Please say something first.", "该客户刚被来回转接，请先回复。";
    /// The conversation has an open transfer.
    TransferOpen, "transfer_open", 409, true, "A transfer of this customer is waiting for its answer.", "该客户已有待应答的转接。";
    /// No open transfer of this id, or not the caller's.
    TransferUnknown, "transfer_unknown", 404, false, "There is no such open transfer.", "没有这个待应答的转接。";
    /// Nobody held the conversation before.
    FormerUnknown, "former_unknown", 409, false, "Nobody answered this customer before.", "此前没有接待过的客服。";
    /// No such open offer to the caller: answered, timed out, taken back, or never there.
    OfferUnknown, "offer_unknown", 410, false, "This offer is over.", "该邀请已失效。";
    /// No expert answers for the topic, or it is not one of the channel.
    TopicUnowned, "topic_unowned", 409, true, "Nobody answers for this topic.", "该主题暂无专家负责。";
    /// No such channel.
    ChannelUnknown, "channel_unknown", 404, false, "There is no such channel.", "没有这个渠道。";
    /// The channel is switched off, or outside its hours and takes no messages then.
    ChannelClosed, "channel_closed", 409, true, "This channel is closed now.", "该渠道当前不在服务时间。";
    /// The conversation has no open visit.
    VisitClosed, "visit_closed", 409, false, "This visit is closed.", "本次服务已结束。";
    /// Leaving or keeping a place in a queue that the conversation does not wait in.
    NotWaiting, "not_waiting", 409, false, "This customer is not waiting.", "该客户不在排队。";
    /// No such team, or nobody is in it.
    TeamUnknown, "team_unknown", 404, false, "There is no such team, or nobody is in it.", "没有这个客服组，或组内无人。";
    /// The channel has no robot.
    RobotUnknown, "robot_unknown", 409, false, "This channel has no robot.", "该渠道没有机器人。";
    /// Anything else; logged with its cause.
    Internal, "internal", 500, true, "Something went wrong in the server.", "服务器内部错误。";
}
