import { kernelsOf } from '../../../scripts/wasm/kernels-of.ts'
import { joinText } from './join.ts'
import { linesText } from './lines.ts'
import { matchIdsText } from './match-ids.ts'
import { restText } from './rest.ts'
import { rowsText } from './rows.ts'
import { tableText } from './table.ts'

/** Every kernel of the package. */
export const kernels = kernelsOf(import.meta.url, {
  'reconcile/files/rows': rowsText,
  'reconcile/files/join': joinText,
  'reconcile/rest/rest': restText,
  'reconcile/rest/lines': linesText,
  'reconcile/rest/match-ids': matchIdsText,
  'reconcile/rest/table': tableText,
})
