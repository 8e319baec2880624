import { decimalText } from '../../money/decimal-text.ts'
import type { OpenException } from '../store/reconciliation.ts'
import type { AgeGroup } from './aging.ts'
import { agingPicture } from './aging-picture.ts'
import { escapeHtml } from './escape-html.ts'

const style =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}' +
  'h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}svg{max-width:100%;height:auto}' +
  'table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .75rem .3rem 0;border-bottom:1px solid #ddd}' +
  'td.amount{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}td{overflow-wrap:anywhere}'

/**
 * The open exceptions as one HTML page without scripts: by reason, with what to do, and a picture of their ages.
 *
 * @example
 * ```ts
 * import { exceptionsPage } from '@exprsn/payments/reconcile'
 *
 * console.log(exceptionsPage([], []).includes('Nothing is open')) // true
 * ```
 */
export function exceptionsPage(open: readonly OpenException[], ages: readonly AgeGroup[]): string {
  const groups = [...Map.groupBy(open, ({ reason }) => reason)].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const sections = groups.map(([reason, members]) => {
    const rows = members.map(
      ({ item, amount, action, assignee = '' }) =>
        `<tr><td>${escapeHtml(item)}</td><td class="amount">${decimalText(amount)} ${amount.currency}</td>` +
        `<td>${escapeHtml(action)}</td><td>${escapeHtml(assignee)}</td></tr>`,
    )
    return (
      `<section><h2>${escapeHtml(reason.replaceAll('_', ' '))} (${members.length})</h2><table><thead><tr>` +
      `<th scope="col">Item</th><th scope="col">Amount</th><th scope="col">What to do</th><th scope="col">Who</th></tr></thead>` +
      `<tbody>${rows.join('')}</tbody></table></section>`
    )
  })
  const body = sections.length === 0 ? '<p>Nothing is open.</p>' : sections.join('\n')
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Open exceptions</title><style>${style}</style></head>
<body><h1>Open exceptions</h1>
${agingPicture(ages)}${body}
</body></html>
`
}
