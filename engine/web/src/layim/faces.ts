// LayIM's 72 face tokens, drawn with emoji. The tokens are needed to read old messages; their artwork is not ours.

const pairs =
  '微笑🙂 嘻嘻😁 哈哈😄 可爱🥰 可怜🥺 挖鼻👃 吃惊😲 害羞😳 挤眼😉 闭嘴🤐 鄙视😒 爱你😘 泪😢 偷笑🤭 亲亲😚 生病🤒 ' +
  '太开心😂 白眼🙄 右哼哼😤 左哼哼😾 嘘🤫 衰🥴 委屈😟 吐🤮 哈欠🥱 抱抱🤗 怒😠 疑问🤔 馋嘴😋 拜拜👋 思考🧐 汗😅 ' +
  '困😪 睡😴 钱🤑 失望😞 酷😎 色😍 哼😑 鼓掌👏 晕😵 悲伤😭 抓狂😫 黑线😓 阴险😏 怒骂🤬 互粉🤝 心❤️ 伤心💔 ' +
  '猪头🐷 熊猫🐼 兔子🐰 ok👌 耶✌️ good👍 NO🙅 赞💯 来🤙 弱👎 草泥马🦙 神马🐴 囧😖 浮云☁️ 给力💪 围观👀 威武🦁 ' +
  '奥特曼🦸 礼物🎁 钟⏰ 话筒🎤 蜡烛🕯️ 蛋糕🎂';

/** Token to emoji, in LayIM's order. */
export const faces: ReadonlyMap<string, string> = new Map(
  pairs.split(' ').map((pair) => {
    const [, token = '', emoji = ''] = /^([\p{Script=Han}A-Za-z]+)(.+)$/u.exec(pair) ?? [];
    return [token, emoji];
  }),
);

const sources = new Map<string, string>();

/** The emoji as a picture, since LayIM's faces are pictures to the pages that look for them. */
export function faceSource(emoji: string): string {
  let source = sources.get(emoji);
  if (source === undefined) {
    // Named first, or a font for text draws its own outline of some.
    const fonts = "'Apple Color Emoji','Segoe UI Emoji','Noto Color Emoji','Twemoji Mozilla',sans-serif";
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"><text x="18" y="29" font-size="28" text-anchor="middle" font-family="${fonts}">${emoji}</text></svg>`;
    source = `data:image/svg+xml,${encodeURIComponent(svg)}`;
    sources.set(emoji, source);
  }
  return source;
}
