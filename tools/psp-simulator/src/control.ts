import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { faultPlan } from './faults.ts';
import { readBody, sendJson, sendText } from './http.ts';
import type { Period } from './settlement.ts';
import type { Simulator } from './simulator.ts';
import { RELEASE_ORDERS, webhookBehaviour } from './webhooks.ts';

const faultPlans = z.union([faultPlan.transform((plan) => [plan]), z.array(faultPlan)]);
const release = z.strictObject({ order: z.enum(RELEASE_ORDERS).default('created') });

const failing = z.strictObject({ refund: z.string() });

type Controlled = Omit<Simulator, 'close'>;

/** What can be asked for and told under /_simulator: the same as in the process. */
export async function control(
  simulator: Controlled,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://simulator');
  try {
    switch (`${request.method} ${pathname.replace('/_simulator', '')}`) {
      case 'GET /health':
        return sendJson(response, 200, { status: 'up' });
      case 'GET /ledger':
        return sendJson(response, 200, simulator.ledger());
      case 'GET /settlement.csv':
        return sendText(response, 200, simulator.settlementCsv(periodIn(searchParams)), {
          'content-type': 'text/csv; charset=utf-8',
        });
      case 'POST /refunds/fail':
        return sendJson(response, 200, simulator.failRefund((await read(request, failing)).refund));
      case 'GET /faults':
        return sendJson(response, 200, { planned: simulator.faults.planned });
      case 'POST /faults':
        simulator.faults.plan(...(await read(request, faultPlans)));
        return sendJson(response, 200, { planned: simulator.faults.planned });
      case 'DELETE /faults':
        simulator.faults.clear();
        return sendJson(response, 200, { planned: [] });
      case 'GET /webhooks':
        return sendJson(response, 200, { held: simulator.webhooks.held });
      case 'POST /webhooks':
        simulator.webhooks.behave(await read(request, webhookBehaviour));
        return sendJson(response, 200, { held: simulator.webhooks.held });
      case 'POST /webhooks/release':
        await simulator.webhooks.release((await read(request, release)).order);
        return sendJson(response, 200, { held: simulator.webhooks.held });
      case 'POST /idempotency_keys/forget':
        await read(request, z.strictObject({}));
        simulator.forgetIdempotencyKeys();
        return sendJson(response, 200, {});
      default:
        return sendJson(response, 404, { error: 'There is no such thing to control.' });
    }
  } catch (error) {
    sendJson(response, 400, { error: (error as Error).message });
  }
}

function periodIn(query: URLSearchParams): Period {
  return { from: query.get('from') ?? undefined, to: query.get('to') ?? undefined };
}

/** JSON only: a web page elsewhere cannot send that without asking first. */
async function read<Schema extends z.ZodType>(
  request: IncomingMessage,
  schema: Schema,
): Promise<z.output<Schema>> {
  if (!request.headers['content-type']?.startsWith('application/json'))
    throw new TypeError('The content type must be application/json.');
  return schema.parse(JSON.parse((await readBody(request)) || '{}'));
}
