import { randomFraction, shuffled, type Random } from '@exprsn/core'

/** A webhook that waits for its delivery. */
export interface PendingWebhook {
  readonly id: string
  readonly type: string
  readonly body: string
  /** Signs at the moment of delivery, as the real gateway does for each attempt. */
  readonly sign: () => Readonly<Record<string, string>>
  attempts: number
}

/** Where webhooks go: an address, or a handler in this process. */
export type WebhookTarget = string | URL | ((request: Request) => Promise<Response>)

/** How a round of deliveries goes wrong. */
export interface DeliverOptions {
  /** Probability that a webhook is lost for good. @default 0 */
  readonly lose?: number | undefined
  /** Probability that a webhook is delivered twice at once. @default 0 */
  readonly duplicate?: number | undefined
  /** Deliver in a random order. @default false */
  readonly shuffle?: boolean | undefined
  /** Deliver only those for which this is true; the others wait. @default all */
  readonly only?: ((webhook: { readonly id: string; readonly type: string }) => boolean) | undefined
}

/** What a round of deliveries did. */
export interface DeliverReport {
  /** Answered with a status of 2xx. */
  readonly delivered: number
  /** Answered otherwise, or not at all: they wait for the next round. */
  readonly refused: number
  readonly lost: number
}

/** The webhooks of a simulated gateway. Nothing is sent before `deliver` is called, so that the order is the test's. */
export class WebhookOutbox {
  readonly #random: Random
  #pending: PendingWebhook[] = []
  #target: WebhookTarget | undefined

  constructor(random: Random, target: WebhookTarget | undefined) {
    this.#random = random
    this.#target = target
  }

  /** Those that wait, the oldest first. */
  get pending(): readonly { readonly id: string; readonly type: string; readonly attempts: number }[] {
    return this.#pending
  }

  /** Sets where webhooks go. */
  sendTo(target: WebhookTarget): void {
    this.#target = target
  }

  add(webhook: Omit<PendingWebhook, 'attempts'>): void {
    this.#pending.push({ ...webhook, attempts: 0 })
  }

  /** Forgets those that wait: they are lost. */
  clear(): void {
    this.#pending = []
  }

  /** Takes the waiting webhooks as signed requests instead of sending them, for a test that delivers on its own. */
  take(): Request[] {
    const taken = this.#pending
    this.#pending = []
    return taken.map(requestOf)
  }

  /** Sends what waits. Those that fail wait for the next round, as the real gateways repeat them. */
  async deliver({ lose = 0, duplicate = 0, shuffle = false, only }: DeliverOptions = {}): Promise<DeliverReport> {
    const target = this.#target
    if (target === undefined) return { delivered: 0, refused: 0, lost: 0 }
    const chosen = this.#pending.filter((webhook) => only === undefined || only(webhook))
    this.#pending = this.#pending.filter((webhook) => !chosen.includes(webhook))
    let [delivered, refused, lost] = [0, 0, 0]
    for (const webhook of shuffle ? shuffled(this.#random, chosen) : chosen) {
      if (randomFraction(this.#random) < lose) {
        lost += 1
        continue
      }
      const copies = randomFraction(this.#random) < duplicate ? 2 : 1
      webhook.attempts += 1
      const answers = await Promise.all(Array.from({ length: copies }, () => post(target, requestOf(webhook))))
      if (answers.some(Boolean)) delivered += 1
      else {
        refused += 1
        this.#pending.push(webhook)
      }
    }
    return { delivered, refused, lost }
  }
}

function requestOf({ body, sign }: PendingWebhook): Request {
  return new Request('http://webhooks.invalid/', {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8', ...sign() },
    body,
  })
}

async function post(target: WebhookTarget, request: Request): Promise<boolean> {
  try {
    const response =
      typeof target === 'function'
        ? await target(request)
        : await fetch(target, { method: 'POST', headers: request.headers, body: await request.text() })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}
