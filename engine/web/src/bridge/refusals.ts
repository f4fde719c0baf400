// Why a message was not sent, in Chinese; in English the server's own sentence is shown.

const zh: Record<string, string> = {
  text_empty: '内容为空',
  text_too_long: '内容过长',
  text_invalid: '内容包含无法保存的字符',
  conversation_unknown: '您已不在这个会话中',
  person_unknown: '对方已不在通讯录中',
  person_is_self: '不能给自己发消息',
  unit_unknown: '您已不在这个部门中',
  client_id_reused: '消息编号重复',
  lease_required: '请先接待这位客户',
  lease_stale: '该会话现由他人负责',
  rate_limited: '发送过快，请稍候',
  busy: '服务器繁忙',
  store_unavailable: '服务器暂时无法保存消息',
  outcome_unknown: '暂不能确定是否已保存',
  hook_refused: '消息被规则拒绝',
  hook_failed: '规则检查未能完成',
  loop_guard: '规则之间相互触发次数过多',
  forbidden: '您没有权限',
  no_answer: '服务器没有应答',
  queue_full: '待发送的消息过多',
  internal: '服务器内部错误',
};

export function whyNot({ code, reason }: { code: string; reason: string }, isChinese: boolean): string {
  return (isChinese ? zh[code] : undefined) ?? reason.replace(/[.。]$/, '');
}
