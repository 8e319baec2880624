import { describe, expect, it } from 'vitest'
import { afterwards } from './afterwards.ts'
import { gatewayErrors } from './errors.ts'

describe('afterwards', () => {
  it('gives the answer', async () => {
    expect(await afterwards('sim', async () => 7)).toBe(7)
  })

  it.each([
    gatewayErrors.PAYMENTS_GATEWAY_RATE_LIMITED({ gateway: 'sim' }),
    gatewayErrors.PAYMENTS_GATEWAY_UNREACHABLE({ gateway: 'sim' }),
    new Error('anything'),
  ])('takes %s as an answer that is missing, not as a command that was not done', async (cause) => {
    const asked = afterwards('sim', () => Promise.reject(cause))
    await expect(asked).rejects.toMatchObject({ code: 'PAYMENTS_GATEWAY_UNAVAILABLE', cause })
  })
})
