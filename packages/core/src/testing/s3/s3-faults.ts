import { randomFraction } from '../../random/draw.ts'
import type { Random } from '../../random/random.ts'
import type { S3Operation } from './operation.ts'

/**
 * What can go wrong with a request:
 * - `slow-down` (503 SlowDown), `unavailable` (503), `internal-error` (500): refused, nothing done
 * - `conflict`: a conditional write is answered 409 ConditionalRequestConflict, nothing done
 * - `lost-request`: the connection is cut, nothing done
 * - `lost-response`: done, then the connection is cut
 * - `truncated-body`: half of an object is sent, then the connection is cut
 * - `corrupted-body`: one bit of an object's bytes is wrong
 */
export type S3FaultKind =
  | 'slow-down'
  | 'unavailable'
  | 'internal-error'
  | 'conflict'
  | 'lost-request'
  | 'lost-response'
  | 'truncated-body'
  | 'corrupted-body'

/** A fault for the next requests that fit. */
export interface S3PlannedFault {
  readonly kind: S3FaultKind
  /** @default any operation that the kind applies to */
  readonly operation?: S3Operation | undefined
  /** @default any key */
  readonly key?: string | undefined
  /** How many requests it hits. @default 1 */
  readonly times?: number | undefined
}

/** What a request is, as far as faults care. */
export interface FaultTarget {
  readonly operation: S3Operation
  readonly key: string
  readonly conditional: boolean
}

/** Decides which requests fail: planned faults first, then by chance. */
export class S3Faults {
  readonly hits: Record<S3FaultKind, number> = {
    'slow-down': 0,
    unavailable: 0,
    'internal-error': 0,
    conflict: 0,
    'lost-request': 0,
    'lost-response': 0,
    'truncated-body': 0,
    'corrupted-body': 0,
  }
  readonly #random: Random
  readonly #planned: { readonly fault: S3PlannedFault; left: number }[] = []
  #chances: Partial<Record<S3FaultKind, number>>

  constructor(random: Random, chances: Partial<Record<S3FaultKind, number>>) {
    this.#random = random
    this.#chances = chances
  }

  plan(fault: S3PlannedFault): void {
    this.#planned.push({ fault, left: fault.times ?? 1 })
  }

  /** No more faults: neither planned ones nor by chance. */
  heal(): void {
    this.#planned.length = 0
    this.#chances = {}
  }

  next(target: FaultTarget): S3FaultKind | undefined {
    const kind = this.#nextPlanned(target) ?? this.#nextByChance(target)
    if (kind !== undefined) this.hits[kind]++
    return kind
  }

  #nextPlanned(target: FaultTarget): S3FaultKind | undefined {
    const entry = this.#planned.find(
      ({ fault, left }) =>
        left > 0 &&
        applies(fault.kind, target) &&
        (fault.operation === undefined || fault.operation === target.operation) &&
        (fault.key === undefined || fault.key === target.key),
    )
    if (entry === undefined) return undefined
    entry.left--
    return entry.fault.kind
  }

  #nextByChance(target: FaultTarget): S3FaultKind | undefined {
    for (const [kind, chance] of Object.entries(this.#chances) as [S3FaultKind, number][])
      if (applies(kind, target) && randomFraction(this.#random) < chance) return kind
    return undefined
  }
}

function applies(kind: S3FaultKind, { operation, conditional }: FaultTarget): boolean {
  if (kind === 'conflict') return conditional && (operation === 'PutObject' || operation === 'CompleteMultipartUpload')
  return kind === 'truncated-body' || kind === 'corrupted-body' ? operation === 'GetObject' : true
}
