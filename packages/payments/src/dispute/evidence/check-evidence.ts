import type { DisputeEvidence } from '../../gateway/dispute-evidence.ts'
import type { ReasonFamily } from '../reason/reason-family.ts'
import { checklists, type ChecklistItem } from './checklist.ts'

/** An item of a checklist, and whether the evidence has it. */
export interface CheckedItem extends ChecklistItem {
  readonly isThere: boolean
}

/** How complete evidence is. */
export interface EvidenceCheck {
  readonly items: readonly CheckedItem[]
  /** Required items that are not there, by their names. */
  readonly missing: readonly string[]
  readonly complete: boolean
}

/**
 * Holds evidence against the checklist of a family.
 *
 * @example
 * ```ts
 * import { checkEvidence } from '@exprsn/payments/dispute'
 *
 * const check = checkEvidence('not_received', { productDescription: 'A lamp' })
 * console.log(check.complete, check.missing) // false [ 'delivery' ]
 * ```
 */
export function checkEvidence(family: ReasonFamily, evidence: DisputeEvidence): EvidenceCheck {
  const items = checklists[family].map((item) => ({ ...item, isThere: hasItem(item, evidence) }))
  const missing = items.filter(({ need, isThere }) => need === 'required' && !isThere).map(({ id }) => id)
  return { items, missing, complete: missing.length === 0 }
}

function hasItem({ fields, files = [] }: ChecklistItem, evidence: DisputeEvidence): boolean {
  if ((evidence.files ?? []).some(({ kind }) => files.includes(kind))) return true
  return fields.some((field) => {
    const value = evidence[field]
    if (typeof value === 'string') return value.trim() !== ''
    return Array.isArray(value) ? value.length > 0 : value !== undefined
  })
}
