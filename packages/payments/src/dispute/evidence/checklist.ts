import type { DisputeEvidence, EvidenceFile } from '../../gateway/dispute-evidence.ts'
import type { ReasonFamily } from '../reason/reason-family.ts'

/** Something that speaks for the host in disputes of one family. */
export interface ChecklistItem {
  /** A short name that stays. */
  readonly id: string
  readonly need: 'required' | 'recommended'
  /** What it is and why it counts, in a sentence. */
  readonly text: string
  /** Any of these fields of the evidence will do. */
  readonly fields: readonly (keyof DisputeEvidence)[]
  /** Any of these files will do as well. @default none */
  readonly files?: readonly EvidenceFile['kind'][] | undefined
}

const item = (
  id: string,
  need: ChecklistItem['need'],
  text: string,
  fields: ChecklistItem['fields'],
  files: ChecklistItem['files'] = [],
): ChecklistItem => ({ id, need, text, fields, files })

const product = item('product', 'required', 'What was sold, as the buyer saw it.', ['productDescription'])
const customer = item('customer', 'recommended', 'Who bought it.', ['customerName', 'customerEmail'])
const account = item('explanation', 'recommended', 'What happened, in order.', ['explanation'])
const messages = item(
  'messages',
  'recommended',
  'What you and the buyer wrote each other.',
  [],
  ['customer_communication'],
)
const terms = (fields: ChecklistItem['fields'], files: ChecklistItem['files']) =>
  item('terms', 'required', 'How the terms were shown before the purchase.', fields, files)

/**
 * What to hand in, by what the dispute is about (docs.stripe.com/disputes/categories and the networks' guides that the
 * tables of reasons name). Required is what a dispute of the family is hardly ever won without.
 */
export const checklists: Readonly<Record<ReasonFamily, readonly ChecklistItem[]>> = {
  fraud: [
    product,
    item('customer', 'required', 'Who bought it: a name or an address that the card’s owner recognises.', [
      'customerName',
      'customerEmail',
    ]),
    item('device', 'required', 'From where it was bought: an address of the network, or two older purchases alike.', [
      'customerIp',
      'compelling',
    ]),
    item('billing', 'recommended', 'The billing address that the bank confirmed.', ['billingAddress']),
    item(
      'delivery',
      'recommended',
      'That it was delivered to the buyer, or used by them.',
      ['shippingTracking', 'deliveredOn', 'accessLog', 'serviceOn'],
      ['shipping', 'service'],
    ),
    messages,
    account,
  ],
  not_received: [
    product,
    item(
      'delivery',
      'required',
      'That it arrived: a tracking number, a day of delivery, a log of its use.',
      ['shippingTracking', 'deliveredOn', 'accessLog', 'serviceOn'],
      ['shipping', 'service'],
    ),
    item('address', 'recommended', 'Where it went: the address that the buyer gave.', ['shippingAddress']),
    item('signature', 'recommended', 'The buyer’s signature.', [], ['customer_signature']),
    messages,
    account,
  ],
  not_as_described: [
    product,
    item(
      'quality',
      'required',
      'That what was delivered is what was described: your own account, or a document.',
      ['explanation'],
      ['service', 'receipt'],
    ),
    item('refund_terms', 'recommended', 'The terms of returns.', ['refundPolicyDisclosure'], ['refund_policy']),
    item('refusal', 'recommended', 'Why there was no refund.', ['refundRefusal']),
    messages,
  ],
  cancelled: [
    product,
    terms(['cancellationPolicyDisclosure'], ['cancellation_policy']),
    item('rebuttal', 'required', 'That it was not cancelled, or too late.', ['cancellationRebuttal']),
    item('use', 'recommended', 'That it was used after the alleged cancellation.', ['accessLog'], ['service']),
    messages,
    account,
  ],
  credit_not_processed: [
    product,
    item('refund', 'required', 'The refund that was given, or why none is due.', ['refunds', 'refundRefusal']),
    terms(['refundPolicyDisclosure'], ['refund_policy']),
    messages,
    account,
  ],
  duplicate: [
    product,
    item('other', 'required', 'The other purchase.', ['otherCharge'], ['duplicate_charge']),
    item('difference', 'required', 'How the two differ.', ['otherChargeExplanation'], ['receipt']),
    account,
  ],
  authorisation: [
    item('authorisation', 'required', 'That the bank had authorised the payment, with its day and code.', [
      'explanation',
    ]),
    product,
    customer,
  ],
  processing_error: [
    item('account', 'required', 'What was agreed and what was charged.', ['explanation'], ['receipt']),
    product,
    customer,
  ],
  other: [product, item('account', 'required', 'What happened, in order.', ['explanation']), customer, messages],
}
