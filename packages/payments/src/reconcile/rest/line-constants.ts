import { part } from '../items/item-line.ts'
import type { OpenItem } from '../match/edge.ts'
import { rowRules } from './decisions.ts'

/** Why rows can be open; the first is said of those of which nothing is known. */
export const rowReasons = [
  'missing',
  'duplicate',
  'amount_differs',
  'ambiguous',
] as const satisfies readonly OpenItem['reason'][]

const others = [
  ...(['ourCharge', 'ourRefund', 'gatewayCharge', 'gatewayRefund', 'itemEnd'] as const),
  ...(['both', 'third', 'sameName', 'units', 'theReference', 'inBoth', 'cut', 'sameAmount', 'day', 'days'] as const),
] as const
const names = [...rowRules, ...rowReasons, ...others] as const

/** The name of a text that lines are made of. */
export type Constant = (typeof names)[number]

/** Its number: rules and reasons have theirs in order. */
export function constantAt(name: Constant): number {
  return names.indexOf(name)
}

/** The texts, by number. */
export function constants(gateway: string): readonly string[] {
  return [
    ...[...rowRules, ...rowReasons].map(part),
    ...['ours', 'gateway'].flatMap((side) => ['charge', 'refund'].map((kind) => part(side) + part(kind))),
    `1;${part(gateway)}---\n`,
    ...[
      'both have ',
      'a name through a third',
      'the same name; ',
      ' minor units apart',
      'the reference ',
      ' in both, ',
    ],
    ...['a reference cut to ', 'the same amount, ', ' day apart', ' days apart'],
  ]
}
