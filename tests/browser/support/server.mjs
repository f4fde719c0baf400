// The real binary with its demo organisation, on a port and a folder that survive a kill.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
export const binary = process.env.WEBIM_BIN ?? path.join(root, 'target/debug/webim');

/** A port that was free a moment ago, so that a restart can take it again. */
export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

export class Server {
  /** Starts a server with a fresh folder, and what else its command line is to say. */
  static async start(...more) {
    const server = new Server();
    server.more = more;
    server.data = await mkdtemp(path.join(tmpdir(), 'webim-browser-'));
    server.port = await freePort();
    await server.run();
    return server;
  }

  /** Starts the process on the same port and folder. */
  async run() {
    const args = ['demo', '--json', '--port', String(this.port), '--data', this.data, ...this.more];
    this.process = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    this.process.stderr.on('data', (bytes) => (said = (said + bytes).slice(-4_000)));
    this.ended = once(this.process, 'exit');
    const lines = createInterface({ input: this.process.stdout });
    const first = await Promise.race([
      once(lines, 'line').then(([line]) => line),
      once(this.process, 'error').then(([error]) => Promise.reject(error)),
      this.ended.then(() => Promise.reject(new Error(`${binary} ended before it was ready:\n${said}`))),
    ]);
    // Whatever it prints later must not fill the pipe.
    lines.on('line', () => {});
    const { url, people } = JSON.parse(first);
    this.url = url;
    this.people = new Map(people.map((person) => [person.login, person]));
  }

  /** Ends the process without a word, as a power cut does. */
  async kill() {
    this.process.kill('SIGKILL');
    await this.ended;
  }

  async stop() {
    if (this.process.exitCode === null && this.process.signalCode === null) await this.kill();
    await rm(this.data, { recursive: true, force: true });
  }
}
