import type { ReasonTable } from './reason-family.ts'

/** Mastercard, "Chargeback Guide"; the codes that were folded into 4808, 4834 and 4853 still come from some processors. */
export const mastercardReasons: ReasonTable = {
  '4807': 'authorisation',
  '4808': 'authorisation',
  '4812': 'authorisation',
  '4831': 'processing_error',
  '4834': 'processing_error',
  '4837': 'fraud',
  '4840': 'fraud',
  '4841': 'cancelled',
  '4842': 'processing_error',
  '4846': 'processing_error',
  '4849': 'fraud',
  '4850': 'processing_error',
  '4853': 'not_as_described',
  '4854': 'not_as_described',
  '4855': 'not_received',
  '4859': 'not_received',
  '4860': 'credit_not_processed',
  '4863': 'fraud',
  '4870': 'fraud',
  '4871': 'fraud',
  '4999': 'processing_error',
}

/** Codes that stand for several things: 4834 for duplicates and wrong amounts, 4853 and 4854 for every quarrel of a buyer. */
export const broadMastercardReasons: ReadonlySet<string> = new Set(['4834', '4853', '4854', '4999'])
