// How the package is used; the build checks it against the package's own types.

import { Client, type LinkState, type Message, type Outgoing, Rest, RestError } from 'webim-sdk';

let token: string | undefined;
const rest = new Rest({ base: 'https://chat.example.com', token: () => token });

export async function chat(login: string, password: string, friend: string): Promise<Client> {
  try {
    const session = await rest.signIn({ login, password, bearer: true });
    token = session.token ?? undefined;
    const client = new Client({ rest, person: session.person.id });
    const shown = new Map<string, Message>();
    client.on('message', ({ message }) => void shown.set(message.message, message));
    client.on('outgoing', ({ clientId, state, failure, stored }: Outgoing) => console.log(clientId, state, failure?.code, stored?.seq));
    client.on('state', (state: LinkState) => console.log(state.phase === 'waiting' ? new Date(state.retryAt) : state.phase));
    client.on('reset', ({ id }) => void client.history(id, { limit: 50 }).then(({ items }) => items.forEach((one) => shown.set(one.message, one))));
    // @ts-expect-error There is no such event.
    client.on('nothing', () => undefined);
    client.start();
    client.send({ person: friend }, 'hello');
    return client;
  } catch (error) {
    if (error instanceof RestError && error.code === 'login_failed') console.log('Login or password is wrong.');
    throw error;
  }
}
