import { randomFraction, type Random } from '@exprsn/core'
import { testingErrors } from '../errors.ts'

/** Every fault that a simulated gateway can show. */
export const gatewayFaultKinds = [
  /** The connection ends before the gateway has read the request: nothing was done. */
  'lost_request',
  /** The gateway does what was asked, and the connection ends without an answer. */
  'lost_response',
  /** The gateway does what was asked, and half of the answer arrives. */
  'truncated_response',
  /** 500, and nothing was done. */
  'error_before',
  /** The gateway does what was asked, and something in front of it answers 502. */
  'error_after',
  /** 429, and nothing was done. */
  'rate_limited',
  /** The gateway does what was asked, and never answers. */
  'no_answer',
] as const

/** One of {@link gatewayFaultKinds}. */
export type GatewayFaultKind = (typeof gatewayFaultKinds)[number]

/** A fault that waits for its request. */
export interface PlannedFault {
  readonly kind: GatewayFaultKind
  /** The request that it waits for: its method and path, such as `POST /v1/refunds`, contain the text. @default the next */
  readonly when?: string | undefined
  /** How many requests it hits. @default 1 */
  readonly times?: number | undefined
}

/** The faults of a simulated gateway: planned ones first, then by chance. */
export class GatewayFaults {
  readonly #random: Random
  #rates: Partial<Record<GatewayFaultKind, number>>
  #planned: { readonly kind: GatewayFaultKind; readonly when: string; left: number }[] = []
  readonly #hits = new Map<GatewayFaultKind, number>()

  constructor(random: Random, rates: Partial<Record<GatewayFaultKind, number>>) {
    this.#random = random
    this.#rates = checkedRates(rates)
  }

  /** How often each kind was injected. */
  get hits(): Readonly<Record<GatewayFaultKind, number>> {
    return Object.fromEntries(gatewayFaultKinds.map((kind) => [kind, this.#hits.get(kind) ?? 0])) as Record<
      GatewayFaultKind,
      number
    >
  }

  /** Makes the next fitting requests fail. */
  plan({ kind, when = '', times = 1 }: PlannedFault): void {
    this.#planned.push({ kind, when, left: times })
  }

  /** Sets the probability of each kind per request, 0 to 1. Kinds that are left out are 0. */
  setRates(rates: Partial<Record<GatewayFaultKind, number>>): void {
    this.#rates = checkedRates(rates)
  }

  /** Ends all faults, planned ones as well. */
  heal(): void {
    this.#rates = {}
    this.#planned = []
  }

  /** The fault that hits this request. */
  next(request: string): GatewayFaultKind | undefined {
    const kind = this.#nextPlanned(request) ?? this.#nextByChance()
    if (kind !== undefined) this.#hits.set(kind, (this.#hits.get(kind) ?? 0) + 1)
    return kind
  }

  #nextPlanned(request: string): GatewayFaultKind | undefined {
    const planned = this.#planned.find(({ when, left }) => left > 0 && request.includes(when))
    if (planned === undefined) return undefined
    planned.left -= 1
    return planned.kind
  }

  /** One number is drawn for each request, whatever the rates are, so that one rate does not shift the others' requests. */
  #nextByChance(): GatewayFaultKind | undefined {
    let drawn = randomFraction(this.#random)
    for (const kind of gatewayFaultKinds) {
      drawn -= this.#rates[kind] ?? 0
      if (drawn < 0) return kind
    }
    return undefined
  }
}

function checkedRates(rates: Partial<Record<GatewayFaultKind, number>>): Partial<Record<GatewayFaultKind, number>> {
  const sum = Object.values(rates).reduce((total, rate) => total + rate, 0)
  if (!(sum >= 0 && sum <= 1) || Object.values(rates).some((rate) => !(rate >= 0)))
    throw testingErrors.PAYMENTS_TESTING_OPTION_INVALID({ option: 'faults', value: rates })
  return rates
}
