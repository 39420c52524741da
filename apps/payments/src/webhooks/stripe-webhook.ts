import type { IncomingMessage, ServerResponse } from 'node:http';
import { Log } from '@gantry/observability';
import { Injectable, type NestMiddleware } from '@nestjs/common';
import { PaymentProvider, type ProviderEvent } from '../provider/payment-provider.ts';
import { WebhookRefused } from '../provider/provider-failures.ts';
import { ProviderNews } from './provider-news.ts';
import { BodyTooLarge, readText } from './read-text.ts';

/** Where Stripe sends its webhooks. */
export const STRIPE_WEBHOOK_PATH = 'webhooks/stripe';

/** Far more than any event of Stripe has. */
const MAX_BYTES = 1_048_576;

/**
 * Takes webhooks of Stripe. A middleware and not a controller, because the signature is over the bytes of the body, and
 * before a controller somebody has parsed it. It answers as soon as what has to be done is written down.
 */
@Injectable()
export class StripeWebhook implements NestMiddleware<IncomingMessage, ServerResponse> {
  constructor(
    private readonly provider: PaymentProvider,
    private readonly news: ProviderNews,
    private readonly log: Log,
  ) {}

  async use(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.writeHead(await this.#take(request), { 'content-length': '0' }).end();
  }

  async #take(request: IncomingMessage): Promise<number> {
    try {
      const signature = request.headers['stripe-signature'];
      const body = await readText(request, MAX_BYTES);
      const event = this.provider.parseWebhook(body, Array.isArray(signature) ? undefined : signature);
      await this.#handle(event);
      return 204;
    } catch (error) {
      if (error instanceof BodyTooLarge) return 413;
      if (error instanceof WebhookRefused) {
        this.log.warn({ reason: error.reason }, 'A webhook was refused.');
        return 400;
      }
      // Stripe sends it again.
      this.log.error({ err: error }, 'A webhook could not be handled.');
      return 503;
    }
  }

  async #handle(event: ProviderEvent): Promise<void> {
    const outcome = await this.news.take(event);
    this.log.info({ event: event.id, type: event.type, outcome }, 'webhook');
  }
}
