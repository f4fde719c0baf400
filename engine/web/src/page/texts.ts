// The sentences of the pages around the panel, in both languages, and the choice between them.

const zh = {
  name: 'webim',
  tagline: '同事之间，随时沟通',
  signIn: '登录',
  signingIn: '正在登录…',
  login: '用户名',
  password: '密码',
  showPassword: '显示密码',
  hidePassword: '隐藏密码',
  needBoth: '请输入用户名和密码',
  wrong: '用户名或密码不正确',
  throttled: '尝试次数过多，请在 {n} 秒后再试',
  unreachable: '无法连接服务器，请检查网络后重试',
  failed: '登录失败：{reason}',
  otherLanguage: 'English',
  signOut: '退出登录',
  signedOut: '登录已过期，请重新登录',
  deactivated: '该账号已停用',
  loading: '正在加载通讯录…',
  loadFailed: '通讯录加载失败',
  retry: '重试',
  connecting: '正在连接…',
  waiting: '连接已断开，{n} 秒后自动重连',
  offline: '网络已断开，恢复后会自动重连',
  now: '立即重连',
  back: '已恢复连接',
  ended: '连接已结束：{reason}',
  tooMany: '您打开的页面太多，请关闭其他页面后重新加载',
  protocol: '页面版本与服务器不一致，请重新加载',
  reload: '重新加载',
  emptyTitle: '选择一位同事，开始聊天',
  emptyText: '从左侧的部门里找到同事，或打开部门群聊。未发送成功的消息会自动重试。',
  panel: '联系人与会话',
  chats: '聊天',
  themeAuto: '外观：跟随系统',
  themeLight: '外观：浅色',
  themeDark: '外观：深色',
  soundOn: '提示音：开',
  soundOff: '提示音：关',
  skinNotKept: '背景没有保存到服务器',
  noticeOn: '桌面通知：开',
  noticeOff: '桌面通知：关',
  close: '关闭',
  account: '帐号与设备',
  passwordTitle: '修改密码',
  passwordOld: '原密码',
  passwordNew: '新密码',
  passwordAgain: '再次输入新密码',
  passwordChange: '修改密码',
  passwordNeed: '请输入原密码和新密码',
  passwordDiffers: '两次输入的新密码不一致',
  passwordDone: '密码已修改，其他设备已退出登录',
  passwordWrong: '原密码不正确',
  weakShort: '新密码太短，至少 {n} 个字符',
  weakLong: '新密码太长',
  weakName: '新密码不能是用户名或姓名',
  weakCommon: '新密码太常见，容易被猜到',
  weakSame: '新密码与原密码相同',
  passwordThrottled: '尝试次数过多，请稍后再试',
  privacy: '隐私',
  showLastSeen: '允许同事看到我最近在线的时间',
  devices: '登录的设备',
  loadingDevices: '正在加载…',
  deviceUnnamed: '未命名的设备',
  deviceThis: '当前设备',
  deviceOnline: '在线',
  deviceSeen: '最近使用：{time}',
  deviceBegun: '登录时间：{time}',
  deviceEnd: '退出登录',
  endOthers: '退出其他所有设备',
  endAll: '退出全部设备（包括当前设备）',
  box: '消息盒子',
  loadingBox: '正在加载…',
  boxEmpty: '还没有通知',
  boxMore: '更早的通知',
  noticeDenied: '浏览器不允许通知，请在浏览器的站点设置中打开',
} as const;

export type PageText = keyof typeof zh;

const en: Record<PageText, string> = {
  name: 'webim',
  tagline: 'Where colleagues talk',
  signIn: 'Sign in',
  signingIn: 'Signing in…',
  login: 'Login',
  password: 'Password',
  showPassword: 'Show the password',
  hidePassword: 'Hide the password',
  needBoth: 'Please enter login and password',
  wrong: 'Login or password is wrong',
  throttled: 'Too many attempts: please try again in {n} seconds',
  unreachable: 'The server cannot be reached. Please check the network and try again',
  failed: 'Signing in failed: {reason}',
  otherLanguage: '中文',
  signOut: 'Sign out',
  signedOut: 'The session has ended: please sign in again',
  deactivated: 'This account is deactivated',
  loading: 'Loading the contacts…',
  loadFailed: 'The contacts could not be loaded',
  retry: 'Try again',
  connecting: 'Connecting…',
  waiting: 'Connection lost: trying again in {n} s',
  offline: 'No network: will reconnect by itself',
  now: 'Reconnect now',
  back: 'Connected again',
  ended: 'The connection has ended: {reason}',
  tooMany: 'Too many pages are open: close some and reload',
  protocol: 'This page is older than the server: please reload',
  reload: 'Reload',
  emptyTitle: 'Pick a colleague to start a chat',
  emptyText: 'Find people by department on the left, or open the chat of a department. What could not be sent is tried again by itself.',
  panel: 'Contacts and chats',
  chats: 'Chat',
  themeAuto: 'Colours: like the system',
  themeLight: 'Colours: light',
  themeDark: 'Colours: dark',
  soundOn: 'Sound: on',
  soundOff: 'Sound: off',
  skinNotKept: 'The server has not kept the background',
  noticeOn: 'Desktop notices: on',
  noticeOff: 'Desktop notices: off',
  close: 'Close',
  account: 'Account and devices',
  passwordTitle: 'Change the password',
  passwordOld: 'Old password',
  passwordNew: 'New password',
  passwordAgain: 'New password once more',
  passwordChange: 'Change the password',
  passwordNeed: 'Please enter the old and the new password',
  passwordDiffers: 'The two new passwords differ',
  passwordDone: 'The password is changed; other devices are signed out',
  passwordWrong: 'The old password is wrong',
  weakShort: 'The new password is too short: at least {n} characters',
  weakLong: 'The new password is too long',
  weakName: 'The new password must not be the login or the name',
  weakCommon: 'The new password is one of the first that are tried',
  weakSame: 'The new password is the old one',
  passwordThrottled: 'Too many attempts: please try again later',
  privacy: 'Privacy',
  showLastSeen: 'Colleagues may see when I was last here',
  devices: 'Devices that are signed in',
  loadingDevices: 'Loading…',
  deviceUnnamed: 'A device without a name',
  deviceThis: 'This device',
  deviceOnline: 'Online',
  deviceSeen: 'Last used: {time}',
  deviceBegun: 'Signed in: {time}',
  deviceEnd: 'Sign out',
  endOthers: 'Sign out all other devices',
  endAll: 'Sign out everywhere, here too',
  box: 'Message box',
  loadingBox: 'Loading…',
  boxEmpty: 'No notices yet',
  boxMore: 'Earlier notices',
  noticeDenied: "The browser does not allow notices: its settings for this site can",
};

const KEY = 'webim.lang';
export type Lang = 'zh-CN' | 'en';

/** The language chosen before, else the browser's first that we have. */
function initial(): Lang {
  const kept = read();
  if (kept === 'zh-CN' || kept === 'en') return kept;
  return navigator.languages.find((one) => /^(zh|en)\b/i.test(one))?.toLowerCase().startsWith('en') ? 'en' : 'zh-CN';
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

let chosen: Lang = initial();

export function lang(): Lang {
  return chosen;
}

export function setLang(next: Lang): void {
  chosen = next;
  document.documentElement.lang = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Lasts as long as the page.
  }
}

export function otherLang(): Lang {
  return chosen === 'en' ? 'zh-CN' : 'en';
}

export function p(key: PageText, fields: Record<string, string | number> = {}): string {
  const text = chosen === 'en' ? en[key] : zh[key];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(fields[name] ?? whole));
}
