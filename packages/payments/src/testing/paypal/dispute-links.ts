import type { DisputeRecord } from './paypal-objects.ts'

/**
 * What may be done about a dispute, as its links say: everything while PayPal waits for the seller, an appeal where the case
 * went to another round, nothing after the end.
 */
export function disputeLinks({ id, status, stage }: DisputeRecord): readonly unknown[] {
  const link = (rel: string, path: string) => ({
    href: `https://api-m.sandbox.paypal.com/v1/customer/disputes/${id}${path}`,
    rel,
    method: path === '' ? 'GET' : 'POST',
  })
  const own = link('self', '')
  if (status === 'RESOLVED') return [own]
  const accept = link('accept_claim', '/accept-claim')
  if (status === 'UNDER_REVIEW') return [own, accept]
  const isAppeal = stage === 'PRE_ARBITRATION' || stage === 'ARBITRATION'
  return [own, accept, isAppeal ? link('appeal', '/appeal') : link('provide_evidence', '/provide-evidence')]
}
