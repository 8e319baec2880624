import { describe, expect, it } from 'vitest'
import type { DisputeEvidence } from '../../gateway/dispute-evidence.ts'
import type { Payment } from '../../payments/payment.ts'
import type { DisputeCase } from '../case/dispute-case.ts'
import type { ReasonFamily } from '../reason/reason-family.ts'
import { checkEvidence } from './check-evidence.ts'
import { checklists } from './checklist.ts'
import { escapeHtml } from '../../reconcile/picture/escape-html.ts'
import { evidencePack, type PackContents } from './evidence-pack.ts'
import { validEvidence } from './valid-evidence.ts'

const families = Object.keys(checklists) as ReasonFamily[]

describe('checklists', () => {
  it('have something required and unique names in every family', () => {
    for (const family of families) {
      const names = checklists[family].map(({ id }) => id)
      expect(new Set(names).size, family).toBe(names.length)
      expect(checkEvidence(family, {}).complete, family).toBe(false)
    }
  })

  it.each<[ReasonFamily, DisputeEvidence, readonly string[]]>([
    ['fraud', { productDescription: 'A lamp', customerName: 'B', customerIp: '203.0.113.7' }, []],
    ['fraud', { productDescription: 'A lamp', customerName: 'B' }, ['device']],
    ['not_received', { productDescription: 'A lamp', deliveredOn: '2026-11-02' }, []],
    ['not_received', { productDescription: 'A lamp', files: [{ kind: 'shipping', reference: 'file_1' }] }, []],
    ['credit_not_processed', { productDescription: 'A lamp', refunds: ['re_1'] }, ['terms']],
    ['credit_not_processed', { productDescription: 'A lamp', refunds: [] }, ['refund', 'terms']],
    ['duplicate', { productDescription: 'A lamp', otherCharge: 'ch_2' }, ['difference']],
    ['other', { productDescription: ' ', explanation: 'It went so.' }, ['product']],
  ])('%s with %j misses %j', (family, evidence, missing) => {
    expect(checkEvidence(family, evidence)).toMatchObject({ missing, complete: missing.length === 0 })
  })
})

describe('evidence that is refused', () => {
  it.each<[string, unknown, string]>([
    ['bad input: evidence that is none', null, 'evidence'],
    ['bad input: a field that nobody knows', { colour: 'red' }, 'colour'],
    ['bad input: a number for a text', { explanation: 7 }, 'explanation'],
    ['bad input: a text without end', { explanation: 'x'.repeat(100_001) }, 'explanation'],
    ['bad input: 30 February', { deliveredOn: '2026-02-30' }, 'deliveredOn'],
    ['bad input: a day with something behind it', { shippedOn: '2026-02-03T00' }, 'shippedOn'],
    ['bad input: a kind of file that nobody knows', { files: [{ kind: 'film', reference: 'f' }] }, 'files'],
    ['bad input: a reference with markup', { files: [{ kind: 'other', reference: '<b>' }] }, 'files'],
    ['bad input: a refund that is no reference', { refunds: ['=cmd()'] }, 'refunds'],
  ])('%s', (_, given, field) => {
    expect(() => validEvidence(given as DisputeEvidence)).toThrow(
      expect.objectContaining({
        code: 'PAYMENTS_DISPUTE_EVIDENCE_INVALID',
        details: expect.objectContaining({ field }),
      }),
    )
  })

  it('bad input: a card number', () => {
    expect(() => validEvidence({ explanation: 'paid with 4111 1111 1111 1111' })).toThrow(
      expect.objectContaining({ code: 'PAYMENTS_CARD_NUMBER_REFUSED' }),
    )
  })

  it('takes what is right as it is', () => {
    const evidence = { productDescription: 'A lamp', shippedOn: '2028-02-29', refunds: ['re_1'] }
    expect(validEvidence(evidence)).toBe(evidence)
  })
})

const eur = (amount: bigint) => ({ amount, currency: 'EUR' })
const the: DisputeCase = {
  ...{ id: 'stripe:du_1', gateway: 'stripe', reference: 'du_1', payment: 'p1', stage: 'chargeback' },
  ...{ status: 'evidence_due', amount: eur(4_990n), fee: eur(1_500n), withdrawn: eur(4_990n), reinstated: eur(0n) },
  ...{ reason: 'product_not_received', network: 'visa', networkReason: '13.1', family: 'not_received' },
  openedAt: new Date('2026-11-01T10:00:00Z'),
  dueBy: new Date('2026-11-10T10:00:00Z'),
  ...{ actions: [], submissions: [], answered: false, underway: undefined },
  evidence: { productDescription: '<script>alert("1")</script>', deliveredOn: '2026-10-05', refunds: ['re_1'] },
  updatedAt: new Date('2026-11-01T10:00:00Z'),
}
const contents: PackContents = {
  case: the,
  payment: {
    ...{ id: 'p1', gateway: 'stripe', reference: 'pi_1', key: 'A-1/1', order: 'A-1 & sons', state: 'captured' },
    ...{ amount: eur(4_990n), authorised: eur(4_990n), captured: eur(4_990n), refunded: eur(0n) },
    method: { type: 'card', brand: 'visa', last4: '4242' },
    ...{ decline: undefined, nextAction: undefined },
    ...{ createdAt: new Date('2026-10-01T10:00:00Z'), updatedAt: new Date('2026-10-01T10:00:00Z') },
  } as Payment,
  transfers: [],
  check: checkEvidence('not_received', the.evidence),
  compelling: { eligible: false, reason: 'not_visa_fraud', text: 'It holds for Visa’s code 10.4 alone.' },
  history: [
    {
      ...{ action: 'reported', status: 'evidence_due', stage: 'chargeback', actor: 'gateway', note: 'needs_response' },
      at: new Date('2026-11-01T10:00:01Z'),
    },
  ],
}

describe('the evidence pack', () => {
  it('is the same bytes for the same contents, whatever the order of their names', () => {
    const turned = Object.fromEntries(Object.entries(contents).toReversed()) as unknown as PackContents
    expect(evidencePack(turned)).toEqual(evidencePack(contents))
  })

  it('has amounts as exact text, and its digest on the page', () => {
    const { json, digest, html } = evidencePack(contents)
    expect(JSON.parse(json)).toMatchObject({
      case: { amount: { value: '49.90', currency: 'EUR' }, dueBy: '2026-11-10T10:00:00.000Z' },
      check: { complete: true },
    })
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
    expect(html).toContain(digest)
    expect(html).toContain('49.90 EUR')
    expect(html).toContain('2026-10-05')
  })

  it('hostile text stands on the page as text, and nothing on it runs or comes from elsewhere', () => {
    const { html } = evidencePack(contents)
    expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;')
    expect(html).toContain('A-1 &amp; sons')
    expect(html).not.toMatch(/<script|<img|<link|href=|src=|onload/i)
  })

  it('control characters become blanks, breaks of lines stay', () => {
    expect(escapeHtml('a\u0000b\u001Bc\nd\te\u007F')).toBe('a b c\nd\te ')
  })
})
