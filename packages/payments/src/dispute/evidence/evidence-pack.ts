import { hash } from 'node:crypto'
import { shown } from '../../money/shown.ts'
import type { Payment, Transfer } from '../../payments/payment.ts'
import type { DisputeCase } from '../case/dispute-case.ts'
import type { CompellingFinding } from '../compelling/find-compelling.ts'
import type { DisputeEvent } from '../disputes.ts'
import type { EvidenceCheck } from './check-evidence.ts'
import { evidenceDocument } from './evidence-document.ts'

/** Everything about a case, for machines and for people. */
export interface EvidencePack {
  /** JSON with sorted names; amounts are decimal text. */
  readonly json: string
  /** SHA-256 of the JSON, hexadecimal: the document names it. */
  readonly digest: string
  /** One HTML page without scripts or anything from elsewhere, to be read or printed. */
  readonly html: string
}

/** What a pack is made of. */
export interface PackContents {
  readonly case: DisputeCase
  readonly payment: Payment
  readonly transfers: readonly Transfer[]
  readonly check: EvidenceCheck
  readonly compelling: CompellingFinding
  readonly history: readonly DisputeEvent[]
}

/** The same contents give the same bytes. */
export function evidencePack(contents: PackContents): EvidencePack {
  const json = `${JSON.stringify(sorted(shown(contents)), undefined, 2)}\n`
  const digest = hash('sha256', json, 'hex')
  return { json, digest, html: evidenceDocument(contents, digest) }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, part]) => [name, sorted(part)]))
}
