import type { DisputeEvidence } from '../../gateway/dispute-evidence.ts'
import { decimalText } from '../../money/decimal-text.ts'
import type { Money } from '../../money/money.ts'
import { escapeHtml } from '../../reconcile/picture/escape-html.ts'
import type { PackContents } from './evidence-pack.ts'

const labels: Readonly<Record<string, string>> = {
  customerName: 'Buyer',
  customerEmail: 'E-mail',
  customerIp: 'Network address',
  billingAddress: 'Billing address',
  productDescription: 'Sold',
  accessLog: 'Use',
  shippingAddress: 'Shipped to',
  shippingCarrier: 'Carrier',
  shippingTracking: 'Tracking number',
  shippedOn: 'Shipped on',
  deliveredOn: 'Delivered on',
  serviceOn: 'Rendered on',
  refundPolicyDisclosure: 'Refund policy',
  refundRefusal: 'Why no refund',
  refunds: 'Refunds',
  cancellationPolicyDisclosure: 'Cancellation policy',
  cancellationRebuttal: 'Why not cancelled',
  otherCharge: 'Another purchase',
  otherChargeExplanation: 'How it differs',
  explanation: 'What happened',
}

const style =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}' +
  'h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem;border-bottom:1px solid #ccc}' +
  'table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0}' +
  'th{width:13rem;font-weight:600}td{white-space:pre-wrap;overflow-wrap:anywhere}' +
  '.missing{color:#a40000}footer{margin-top:2rem;font-size:.8rem;color:#555;overflow-wrap:anywhere}' +
  '@media print{body{margin:0}h2{break-after:avoid}}'

/** The pack as a page for people: the case, the purchase, the evidence, what is missing, what happened. */
export function evidenceDocument(
  { case: the, payment, transfers, check, compelling, history }: PackContents,
  digest: string,
) {
  const moved = transfers.map(({ kind, reference, amount, state }): Row => [
    kind,
    `${amountText(amount)} · ${state} · ${reference}`,
  ])
  const title = `Dispute ${the.reference}`
  const sections = [
    section('The dispute', [
      ['Case', the.id],
      ['Amount', amountText(the.amount)],
      [
        'About',
        `${the.family.replaceAll('_', ' ')} (${[the.network, the.networkReason, the.reason].filter(Boolean).join(' ')})`,
      ],
      ['Stage', the.stage.replaceAll('_', ' ')],
      ['Status', the.status.replaceAll('_', ' ')],
      ['Opened', day(the.openedAt)],
      ['Evidence wanted until', the.dueBy === undefined ? '—' : the.dueBy.toISOString()],
    ]),
    section('The purchase', [
      ['Order', payment.order ?? '—'],
      ['Payment', `${payment.id} · ${payment.reference ?? '—'}`],
      ['Charged', `${amountText(payment.captured)} on ${day(payment.createdAt)}`],
      ['Method', methodText(payment.method)],
      ...moved,
    ]),
    section('Evidence', evidenceRows(the.evidence)),
    section(
      'Checklist',
      check.items.map(({ need, text, isThere }): Row => [
        isThere ? 'there' : need === 'required' ? 'missing' : 'could be added',
        text,
      ]),
    ),
    section('Older purchases by the same card', compellingRows(compelling)),
    section(
      'What happened',
      history.map(({ at, action, actor, note }): Row => [
        at.toISOString(),
        [action, actor, note].filter(Boolean).join(' · '),
      ]),
    ),
  ]
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><h1>${escapeHtml(title)}</h1>
${sections.join('\n')}
<footer>SHA-256 of the data behind this page: ${digest}</footer></body></html>
`
}

type Row = readonly [label: string, text: string]

function section(heading: string, rows: readonly Row[]): string {
  const shown = rows.length === 0 ? ([['', 'Nothing.']] as const) : rows
  const body = shown.map(([label, text]) => {
    const mark = label === 'missing' ? ' class="missing"' : ''
    return `<tr${mark}><th scope="row">${escapeHtml(label)}</th><td>${escapeHtml(text)}</td></tr>`
  })
  return `<section><h2>${escapeHtml(heading)}</h2><table>${body.join('')}</table></section>`
}

function evidenceRows(evidence: DisputeEvidence): readonly Row[] {
  const texts = Object.entries(labels).flatMap(([field, label]): Row[] => {
    const value = evidence[field as keyof DisputeEvidence]
    if (typeof value === 'string' && value !== '') return [[label, value]]
    return Array.isArray(value) && value.length > 0 ? [[label, value.join(', ')]] : []
  })
  const files = (evidence.files ?? []).map(({ kind, reference }): Row => [
    `File: ${kind.replaceAll('_', ' ')}`,
    reference,
  ])
  return [...texts, ...files]
}

function compellingRows(finding: PackContents['compelling']): readonly Row[] {
  if (!finding.eligible) return [['Compelling Evidence 3.0', finding.text]]
  return [
    ['In common', finding.elements.join(', ').replaceAll('_', ' ')],
    ...finding.evidence.priors.map(({ charge, description = '—' }): Row => [charge, description]),
  ]
}

function methodText(method: PackContents['payment']['method']): string {
  if (method === undefined) return '—'
  const { type, brand, last4 } = method
  return [brand ?? type, last4 === undefined ? '' : `ending in ${last4}`].filter(Boolean).join(' ')
}

function amountText(amount: Money): string {
  return `${decimalText(amount)} ${amount.currency}`
}

function day(at: Date): string {
  return at.toISOString().slice(0, 10)
}
