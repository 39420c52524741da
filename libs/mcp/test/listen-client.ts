import { waitFor } from '@gantry/testing';

interface Message {
  id?: unknown;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { code: number; message: string; data?: unknown };
}

/** What a client asks to hear of. */
export interface Notifications {
  resourceSubscriptions?: string[];
  resourcesListChanged?: boolean;
  toolsListChanged?: boolean;
  promptsListChanged?: boolean;
}

/** One `subscriptions/listen` request over plain HTTP. */
export class Listener {
  readonly messages: Message[] = [];
  comments = 0;
  headers = new Headers();
  isEnded = false;
  readonly #leaving = new AbortController();

  private constructor() {}

  /** Resolves when the first message is there. */
  static async open(url: string, token: string, notifications: Notifications, id = 'sub'): Promise<Listener> {
    const listener = new Listener();
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'subscriptions/listen',
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id,
        method: 'subscriptions/listen',
        params: {
          notifications,
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientCapabilities': {},
          },
        },
      }),
      signal: listener.#leaving.signal,
    });
    listener.headers = response.headers;
    void listener.#read(response);
    await waitFor(() => listener.messages.length > 0);
    return listener;
  }

  /** What was acknowledged. */
  get acknowledged(): unknown {
    const [first] = this.messages;
    return first?.method === 'notifications/subscriptions/acknowledged' && first.params?.['notifications'];
  }

  /** URIs that were said to have changed, in order; `list` stands for the list of resources. */
  get heard(): string[] {
    return this.messages.flatMap(({ method, params }) => {
      if (method === 'notifications/resources/updated') return [params!['uri'] as string];
      return method === 'notifications/resources/list_changed' ? ['list'] : [];
    });
  }

  /** The result that ends a stream. */
  get result(): Record<string, unknown> | undefined {
    return this.messages.find(({ result }) => result)?.result;
  }

  leave(): void {
    this.#leaving.abort();
  }

  async #read(response: Response): Promise<void> {
    try {
      if (!response.headers.get('content-type')?.includes('event-stream')) {
        this.messages.push((await response.json()) as Message);
        return;
      }
      let text = '';
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          this.#frame(text.slice(0, end));
          text = text.slice(end + 2);
        }
      }
    } catch {
      // left, or cut off
    } finally {
      this.isEnded = true;
    }
  }

  #frame(frame: string): void {
    if (frame.startsWith(':')) this.comments++;
    const data = /^data: (.*)$/m.exec(frame)?.[1];
    if (data) this.messages.push(JSON.parse(data) as Message);
  }
}
