// Every sentence of the desk, in both languages.

import { lang } from '../page/texts';

const zh = {
  desk: '客服工作台', mine: '我的客户', queue: '排队', board: '看板', search: '搜索客户', hidden: '显示已隐藏的客户', none: '还没有客户', noneQueue: '没有人排队',
  ready: '接待中', occupied: '忙碌', break: '休息', wrap_up: '整理中', state: '工作状态',
  take: '接待', takeOver: '接管', waits: '等待 {time}', waited: '{name} 已等待 {time}', own: '专属',
  robot: '机器人', inQueue: '排队中', nobody: '无人接待', servedBy: '{name} 接待中', me: '我',
  offerAssignment: '新客户', offerTransfer: '{name} 转来的客户', accept: '接受', decline: '拒绝', declineWhy: '拒绝原因（可不填）', seconds: '{n} 秒',
  offerEnded: '邀请已结束：{outcome}', accepted: '对方已接受', declined: '对方拒绝', timed_out: '对方没有应答', cancelled: '已取消', gone: '客户已离开',
  transfer: '转接', transferTitle: '转接 {name}', toAgent: '客服', toTeam: '团队', toTopic: '咨询内容', toQueue: '退回排队', toRobot: '转给机器人', toFormer: '转回上一位客服',
  note: '给接手人的备注', history: '接手人可见的记录', historyAll: '全部', historyVisit: '本次咨询', historyNone: '从现在开始', force: '对方不在线或已满也转接（对方上线后会看到）', send: '转接', cancel: '取消', cancelTransfer: '取消转接', offered: '等待对方接受',
  end: '结束咨询', endAsk: '结束后客户再次发送消息会开始新的咨询。', card: '客户资料', side: '内部记录', visits: '咨询记录', close: '关闭', back: '返回', more: '更多操作',
  notes: '备注和悄悄话（客户看不到）', addNote: '添加备注', addWhisper: '悄悄话', sideNote: '备注', sideWhisper: '悄悄话', sideReceipt: '分配', sideTransfer: '转接', sideSystem: '系统', sideRobot: '机器人',
  why: '为什么是我', tags: '标签', addTag: '添加标签', page: '所在页面', referrer: '来源', device: '设备', language: '语言', came: '首次来访', seen: '最近来访', external: '业务系统账号', block: '拉黑', unblock: '取消拉黑', blocked: '已拉黑',
  visitOpen: '进行中', visitClosed: '已结束', visitWaited: '等待 {time}', visitHandled: '接待 {time}', visitTransfers: '转接 {n} 次', noVisits: '还没有咨询记录',
  ahead: '正在输入：{text}', stale: '该客户现由 {name} 接待，您的文字已保留为草稿', reading: '您正在旁观，客户看不到您', notMine: '该客户不由您接待', join: '加入对话', leaveJoin: '退出对话', whisper: '悄悄话…',
  channels: '渠道', waiting: '排队', serving: '接待', longest: '最长等待', agents: '客服', load: '{load} / {capacity}', connected: '在线', away: '离线', read: '旁观', noAgents: '没有客服',
  canned: '常用回复', failed: '操作失败：{reason}', notAgent: '您没有客服权限', signOut: '退出登录', dark: '切换主题', other: 'English', chatPage: '内部聊天', retry: '重试', loadFailed: '加载失败', emptyTitle: '选择一位客户', emptyText: '排队和正在等待的客户在列表最上方', all: '全部客户', minute: '{n} 分钟', second: '{n} 秒', hour: '{n} 小时', save: '保存', stepOffered: '已发起转接', stepAccepted: '转接已接受', stepDeclined: '转接被拒绝', stepTimedOut: '转接没有应答', stepCancelled: '转接已取消', stepCommitted: '已转接', channel: '渠道', topic: '内容', queueEmpty: '当前没有等待的客户',
};

export type DeskText = keyof typeof zh;

const en: Record<DeskText, string> = {
  desk: 'Service desk', mine: 'My customers', queue: 'Queue', board: 'Board', search: 'Find a customer', hidden: 'Show hidden customers', none: 'No customers yet', noneQueue: 'Nobody waits',
  ready: 'Ready', occupied: 'Occupied', break: 'Break', wrap_up: 'Wrapping up', state: 'State of work',
  take: 'Take', takeOver: 'Take over', waits: 'waits for {time}', waited: '{name} has waited for {time}', own: 'own',
  robot: 'Robot', inQueue: 'In the queue', nobody: 'Nobody', servedBy: 'With {name}', me: 'Me',
  offerAssignment: 'A new customer', offerTransfer: 'A customer from {name}', accept: 'Accept', decline: 'Decline', declineWhy: 'Why not (may be left out)', seconds: '{n} s',
  offerEnded: 'The offer is over: {outcome}', accepted: 'accepted', declined: 'declined', timed_out: 'no answer', cancelled: 'taken back', gone: 'the customer has gone',
  transfer: 'Transfer', transferTitle: 'Transfer {name}', toAgent: 'Agent', toTeam: 'Team', toTopic: 'Topic', toQueue: 'Back to the queue', toRobot: 'To the robot', toFormer: 'To the former agent',
  note: 'A note for who comes next', history: 'What they can read', historyAll: 'All', historyVisit: 'This visit', historyNone: 'From now on', force: 'Also if they are away or full (they find it waiting)', send: 'Transfer', cancel: 'Cancel', cancelTransfer: 'Take back', offered: 'Waiting for their answer',
  end: 'End the visit', endAsk: 'The next message of the customer starts a new visit.', card: 'Customer', side: 'Internal', visits: 'Visits', close: 'Close', back: 'Back', more: 'More',
  notes: 'Notes and whispers; the customer never sees them', addNote: 'Add a note', addWhisper: 'Whisper', sideNote: 'Note', sideWhisper: 'Whisper', sideReceipt: 'Assignment', sideTransfer: 'Transfer', sideSystem: 'System', sideRobot: 'Robot',
  why: 'Why me', tags: 'Tags', addTag: 'Add a tag', page: 'Page', referrer: 'Came from', device: 'Device', language: 'Language', came: 'First seen', seen: 'Last seen', external: 'Account', block: 'Block', unblock: 'Unblock', blocked: 'Blocked',
  visitOpen: 'open', visitClosed: 'closed', visitWaited: 'waited {time}', visitHandled: 'served {time}', visitTransfers: '{n} transfers', noVisits: 'No visits yet',
  ahead: 'is typing: {text}', stale: '{name} serves this customer now; your text is kept as a draft', reading: 'You read along; the customer does not see you', notMine: 'Somebody else serves this customer', join: 'Join', leaveJoin: 'Leave', whisper: 'Whisper…',
  channels: 'Channels', waiting: 'Waiting', serving: 'Served', longest: 'Longest wait', agents: 'Agents', load: '{load} / {capacity}', connected: 'Here', away: 'Away', read: 'Read along', noAgents: 'No agents',
  canned: 'Canned replies', failed: 'That failed: {reason}', notAgent: 'You are no agent', signOut: 'Sign out', dark: 'Colours', other: '中文', chatPage: 'Staff chat', retry: 'Try again', loadFailed: 'Could not be read', emptyTitle: 'Choose a customer', emptyText: 'Those who wait stand at the top of the list', all: 'All customers', minute: '{n} min', second: '{n} s', hour: '{n} h', save: 'Save', stepOffered: 'A transfer was offered', stepAccepted: 'The transfer was accepted', stepDeclined: 'The transfer was declined', stepTimedOut: 'Nobody answered the transfer', stepCancelled: 'The transfer was taken back', stepCommitted: 'Transferred', channel: 'Channel', topic: 'Topic', queueEmpty: 'Nobody waits now',
};

export function d(key: DeskText, fields: Record<string, string | number> = {}): string {
  const text = lang() === 'en' ? en[key] : zh[key];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(fields[name] ?? whole));
}

/** A length of time, as people say it. */
export function lasting(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  if (seconds < 60) return d('second', { n: seconds });
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? d('minute', { n: minutes }) : d('hour', { n: Math.round(minutes / 60) });
}
