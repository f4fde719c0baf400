// A site of somebody else's, on another origin than the server, with a policy that names the server for scripts and
// frames and forbids inline styles and scripts.
import { once } from 'node:events';
import { createServer } from 'node:http';

export class Site {
  /** `attributes` are those of the widget's tag. */
  static async start(attributes) {
    const site = new Site();
    site.attributes = attributes;
    site.server = createServer((request, response) => site.serve(request, response)).listen(0, 'localhost');
    await once(site.server, 'listening');
    site.url = `http://localhost:${site.server.address().port}`;
    return site;
  }

  /** The server whose widget it shows. */
  of(webim) {
    this.webim = webim;
  }

  serve({ url }, response) {
    const { webim } = this;
    if (url === '/site.css') {
      response.setHeader('content-type', 'text/css');
      response.end('body { margin: 0; font: 16px/1.6 sans-serif; background: #faf7f2; } main { max-width: 720px; margin: 60px auto; padding: 0 20px; } a { color: #7a3b10; }');
      return;
    }
    if (url === '/site.js') {
      response.setHeader('content-type', 'text/javascript');
      response.end("window.heard = []; addEventListener('load', () => { for (const name of ['open', 'close', 'unread', 'holder', 'message']) window.webim?.on(name, (data) => window.heard.push([name, data])); });");
      return;
    }
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.setHeader('content-security-policy', `default-src 'none'; script-src 'self' ${webim}; frame-src ${webim}; style-src 'self'; img-src data:; base-uri 'none'`);
    const attributes = Object.entries(this.attributes).map(([name, value]) => `data-${name}="${value}"`).join(' ');
    response.end(`<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>一家小店</title><link rel="stylesheet" href="/site.css"><link rel="icon" href="data:,"></head>
<body><main><h1>一家小店</h1><p>手工陶器，七天无理由退货。</p><p><a href="/second">第二页</a> · <a href="/">首页</a></p></main><script src="/site.js"></script><script src="${webim}/widget.js" ${attributes} async></script></body></html>`);
  }

  async stop() {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}
