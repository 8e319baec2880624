import { describe, expect, it } from 'vitest'
import { createCardGuard } from './card-guard.ts'

const guard = createCardGuard()

function messageOf(value: unknown): string | undefined {
  try {
    guard.check(value)
  } catch (error) {
    expect(error).toMatchObject({ code: 'PAYMENTS_CARD_NUMBER_REFUSED' })
    return (error as Error).message
  }
  return undefined
}

describe('createCardGuard', () => {
  it.each(['4111111111111111', '4111 1111 1111 1111', '5555-5555-5555-4444', '378282246310005', '6011111111111117'])(
    'refuses %s wherever it stands, and repeats only its end',
    (number) => {
      const end = number.slice(-4)
      for (const value of [
        { order: number },
        { deep: [{ note: `please use ${number}, thanks` }] },
        { [number]: 'x' },
        number,
      ]) {
        const message = messageOf(value)
        expect(message).toContain('card')
        expect(message).not.toContain(number.slice(0, 8))
      }
      expect(messageOf({ order: number })).toBe(`A card number was passed in order: [card …${end}].`)
    },
  )

  it('refuses numbers that are cards', () => {
    expect(messageOf({ pan: 4_111_111_111_111_111 })).toContain('pan')
  })

  it('leaves what surrounds a number out of the message', () => {
    expect(messageOf({ note: 'my secret word and 4111111111111111' })).not.toContain('secret')
  })

  it.each([
    [{ key: 'order-1/charge', amount: { amount: 4_111_111_111_111_111n, currency: 'EUR' } }],
    [{ order: 'A-1001', token: 'pm_1NExprsnExample4242', reference: 'pi_3NExprsn' }],
    [{ id: '4111111111111112' }],
    [{ at: new Date(4_111_111_111_111) }],
    [{ signal: new AbortController().signal }],
    [undefined],
    [null],
  ])('lets %o through', (value) => {
    expect(messageOf(value)).toBeUndefined()
  })

  it('ends for values that contain themselves', () => {
    const cycle: Record<string, unknown> = { note: 'fine' }
    cycle['self'] = cycle
    expect(messageOf(cycle)).toBeUndefined()
  })
})
