import { describe, expect, it } from 'vitest'
import { loadPaypal } from './paypal/load-paypal.ts'
import { loadStripe } from './stripe/load-stripe.ts'

const absent = async (): Promise<never> => {
  throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })
}

describe('a package that is not installed', () => {
  it.each([
    ['stripe', () => loadStripe('sk_test_x', {}, absent)],
    ['@paypal/paypal-server-sdk', () => loadPaypal(absent)],
  ])('%s is named with the line that installs it', async (name, load) => {
    await expect(load()).rejects.toMatchObject({
      code: 'PAYMENTS_GATEWAY_PEER_MISSING',
      message: expect.stringContaining(`npm i ${name}`),
    })
  })
})
