import { decimalText } from '../../money/decimal-text.ts'
import type { CashDay, CashPosition } from '../position/cash-position.ts'
import { label, legend, place, svg } from './svg.ts'

const [width, height] = [720, 340]
const [left, right, top, bottom] = [90, 700, 60, 280]
const fills = { atBank: '#3b7ea1', inTransit: '#e0a030', atGateways: '#7a9a3a' } as const

/**
 * Where the money of one currency stood over time, as SVG: at the bank, on its way, at the gateways, one upon the other.
 * Where one of them is below nothing, it is drawn as nothing, and the line of the total shows the truth.
 *
 * @example
 * ```ts
 * import { money } from '@exprsn/payments'
 * import { cashPicture } from '@exprsn/payments/reconcile'
 *
 * const none = money('0', 'EUR')
 * const day = { day: '2026-11-02', atGateways: { stripe: money('48.00', 'EUR') }, inTransit: none, atBank: none, total: money('48.00', 'EUR') }
 * console.log(cashPicture({ currency: 'EUR', days: [day] }).includes('48.00')) // true
 * ```
 */
export function cashPicture({ currency, days }: CashPosition): string {
  const layers = days.map(layersOf)
  const values = [
    ...layers.map(({ atBank, inTransit, atGateways }) => atBank + inTransit + atGateways),
    ...layers.map(({ total }) => total),
    0,
  ]
  const [most, least] = [Math.max(...values, 1), Math.min(...values)]
  const x = (index: number): number => left + ((right - left) * index) / Math.max(1, days.length - 1)
  const y = (value: number): number => bottom - ((bottom - top) * (value - least)) / (most - least)
  const area = (fill: string, lower: (each: Layers) => number, upper: (each: Layers) => number): string => {
    const up = layers.map((each, index) => `${place(x(index))},${place(y(upper(each)))}`)
    const down = layers.map((each, index) => `${place(x(index))},${place(y(lower(each)))}`).toReversed()
    return `<polygon fill="${fill}" points="${[...up, ...down].join(' ')}"/>`
  }
  const line = layers.map(({ total }, index) => `${place(x(index))},${place(y(total))}`).join(' ')
  const [first, last] = [days[0], days.at(-1)]
  const scaled = (value: number): string => decimalText({ amount: BigInt(Math.round(value)), currency })
  const words =
    last === undefined
      ? 'No movements.'
      : `On ${last.day}: ${decimalText(last.atBank)} at the bank, ${decimalText(last.inTransit)} on the way, ${decimalText(last.total)} ${currency} in all.`
  return svg(width, height, `Cash position in ${currency}`, words, [
    area(
      fills.atBank,
      () => 0,
      ({ atBank }) => atBank,
    ),
    area(
      fills.inTransit,
      ({ atBank }) => atBank,
      ({ atBank, inTransit }) => atBank + inTransit,
    ),
    area(
      fills.atGateways,
      ({ atBank, inTransit }) => atBank + inTransit,
      ({ atBank, inTransit, atGateways }) => atBank + inTransit + atGateways,
    ),
    `<polyline fill="none" stroke="#1a1a1a" stroke-width="1.5" points="${line}"/>`,
    label(left - 8, top + 4, scaled(most), 'end', 11),
    label(left - 8, y(0) + 4, '0', 'end', 11),
    ...(least < 0 ? [label(left - 8, bottom + 4, scaled(least), 'end', 11)] : []),
    label(left, bottom + 18, first?.day ?? '', 'start', 11),
    label(right, bottom + 18, last?.day ?? '', 'end', 11),
    legend(left, height - 18, [
      [fills.atBank, 'at the bank'],
      [fills.inTransit, 'on its way'],
      [fills.atGateways, 'at the gateways'],
      ['#1a1a1a', 'in all'],
    ]),
  ])
}

interface Layers {
  readonly atBank: number
  readonly inTransit: number
  readonly atGateways: number
  readonly total: number
}

/** A picture has some hundred points of height: numbers are exact enough. */
function layersOf({ atBank, inTransit, atGateways, total }: CashDay): Layers {
  const shown = (value: bigint): number => Math.max(0, Number(value))
  const held = Object.values(atGateways).reduce((sum, { amount }) => sum + amount, 0n)
  return {
    atBank: shown(atBank.amount),
    inTransit: shown(inTransit.amount),
    atGateways: shown(held),
    total: Number(total.amount),
  }
}
