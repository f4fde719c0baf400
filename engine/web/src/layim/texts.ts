// Every sentence the panel says, in both languages.

const zh = {
  friend: '联系人',
  group: '群聊',
  history: '历史会话',
  search: '搜索',
  searchHint: '搜索同事或部门',
  searchNone: '没有找到“{text}”',
  searchMore: '还有 {n} 个结果，请输入更多文字',
  closeSearch: '清除搜索',
  online: '在线',
  hide: '隐身',
  busy: '忙碌',
  away: '离开',
  offline: '离线',
  myStatus: '我的状态：{status}',
  sign: '编辑签名',
  noSign: '还没有签名',
  noFriends: '这里还没有人',
  noGroups: '您还没有加入任何群',
  noHistory: '还没有会话。在联系人里选一位同事，打个招呼吧。',
  openChats: '打开的会话',
  closeChat: '关闭会话：{name}',
  back: '返回',
  members: '{n} 人',
  showMembers: '查看成员',
  membersFailed: '成员列表加载失败，点此重试',
  loading: '加载中…',
  face: '表情',
  inputHint: '输入消息，{key} 发送',
  input: '给 {name} 的消息',
  send: '发送',
  close: '关闭',
  sendSettings: '发送方式',
  sendBy: '按 {key} 键发送',
  tooLong: '内容超过 {n} 字，请分几条发送',
  olderFailed: '加载失败，点此重试',
  noOlder: '没有更早的消息了',
  empty: '打个招呼，开始聊天吧',
  newMessages: '{n} 条新消息',
  toBottom: '回到最新消息',
  waiting: '等待网络',
  sending: '发送中',
  sent: '已发送',
  read: '已读',
  failed: '未发送',
  again: '重新发送',
  unread: '{n} 条未读',
  today: '今天',
  yesterday: '昨天',
  temporary: '临时会话',
  noId: '缺少会话编号',
  exists: '列表中已有 {name}',
  messages: '与 {name} 的消息',
  min: '最小化',
  title: '我的LayIM',
} as const;

export type TextKey = keyof typeof zh;

const en: Record<TextKey, string> = {
  friend: 'Contacts',
  group: 'Groups',
  history: 'Recent chats',
  search: 'Search',
  searchHint: 'Search people and departments',
  searchNone: 'Nothing found for “{text}”',
  searchMore: '{n} more results: type a little more',
  closeSearch: 'Clear the search',
  online: 'Online',
  hide: 'Invisible',
  busy: 'Busy',
  away: 'Away',
  offline: 'Offline',
  myStatus: 'My status: {status}',
  sign: 'Edit your status line',
  noSign: 'No status line',
  noFriends: 'Nobody here yet',
  noGroups: 'You are in no group yet',
  noHistory: 'No chats yet. Pick a colleague among the contacts and say hello.',
  openChats: 'Open chats',
  closeChat: 'Close the chat with {name}',
  back: 'Back',
  members: '{n} people',
  showMembers: 'Show members',
  membersFailed: 'The members could not be loaded: try again',
  loading: 'Loading…',
  face: 'Faces',
  inputHint: 'Write a message, {key} sends',
  input: 'Message to {name}',
  send: 'Send',
  close: 'Close',
  sendSettings: 'How to send',
  sendBy: '{key} sends',
  tooLong: 'More than {n} characters: please send it in parts',
  olderFailed: 'Loading failed: try again',
  noOlder: 'The beginning of this chat',
  empty: 'Say hello and start the chat',
  newMessages: '{n} new messages',
  toBottom: 'To the newest message',
  waiting: 'Waiting for the network',
  sending: 'Sending',
  sent: 'Sent',
  read: 'Read',
  failed: 'Not sent',
  again: 'Send again',
  unread: '{n} unread',
  today: 'Today',
  yesterday: 'Yesterday',
  temporary: 'Temporary chat',
  noId: 'The chat has no id',
  exists: '{name} is in the list already',
  messages: 'Messages with {name}',
  min: 'Minimise',
  title: 'My LayIM',
};

let chosen: Record<TextKey, string> = zh;
let language = 'zh-CN';

/** Chooses the language for what is drawn from now on. */
export function setLanguage(lang: string | undefined): void {
  const isEnglish = lang !== undefined && !lang.toLowerCase().startsWith('zh');
  chosen = isEnglish ? en : zh;
  language = isEnglish ? 'en' : 'zh-CN';
}

export function getLanguage(): string {
  return language;
}

/** The sentence for `key`, with `{name}` places filled in. */
export function t(key: TextKey, fields: Record<string, string | number> = {}): string {
  return chosen[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(fields[name] ?? whole));
}
