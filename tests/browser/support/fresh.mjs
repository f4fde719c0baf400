// A server that nobody administers yet, and the link that it prints.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { binary, freePort } from './server.mjs';

export class Fresh {
  static async start() {
    const server = new Fresh();
    server.folder = await mkdtemp(path.join(tmpdir(), 'webim-fresh-'));
    const config = path.join(server.folder, 'webim.toml');
    server.url = `http://127.0.0.1:${await freePort()}`;
    await writeFile(config, `[server]\nlisten = "${new URL(server.url).host}"\n[metrics]\nenabled = false\n`);
    server.process = spawn(binary, ['serve', '--config', config], { cwd: server.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    server.ended = once(server.process, 'exit');
    server.link = await new Promise((resolve, reject) => {
      let said = '';
      const hear = (bytes) => {
        said += bytes;
        const [link] = /http:\S+\/setup\?token=\S+/.exec(said) ?? [];
        if (link) resolve(link);
      };
      server.process.stdout.on('data', hear);
      server.process.stderr.on('data', hear);
      server.ended.then(() => reject(new Error(`it ended before it was ready:\n${said}`)));
    });
    return server;
  }

  async stop() {
    this.process.kill('SIGKILL');
    await this.ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}
