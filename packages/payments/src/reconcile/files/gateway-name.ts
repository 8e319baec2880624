import { reconcileErrors } from '../errors.ts'

/** The name of a gateway, of which nothing else is called the same. @throws `PAYMENTS_RECONCILE_INPUT_INVALID` */
export function gatewayName(name: string = 'gateway'): string {
  if (/^[a-z][a-z0-9_-]{0,39}$/.test(name) && name !== 'ours' && name !== 'bank') return name
  throw reconcileErrors.PAYMENTS_RECONCILE_INPUT_INVALID({
    ...{ id: name.slice(0, 200), field: 'name', reason: 'is no name of a gateway' },
  })
}
