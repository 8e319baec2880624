import { bar, label, legend, svg } from '../../reconcile/picture/svg.ts'
import type { OutcomeReport } from './outcome-report.ts'

const width = 720
const [left, right, top, row] = [170, 640, 56, 34]
const fills = { won: '#3b7ea1', lost: '#a8323e', accepted: '#d9622b', expired: '#7a5a7a', open: '#c4c4c4' } as const
const kinds = ['won', 'lost', 'accepted', 'expired', 'open'] as const

/**
 * How disputes ended, by what they were about, as SVG.
 *
 * @example
 * ```ts
 * import { outcomesPicture, type OutcomeGroup } from '@exprsn/payments/dispute'
 *
 * const all: OutcomeGroup = { name: 'all', cases: 3, open: 0, won: 2, lost: 1, accepted: 0, expired: 0, winRate: 2 / 3 }
 * const picture = outcomesPicture({ all, byGateway: [], byNetwork: [], byFamily: [{ ...all, name: 'fraud' }], amounts: [] })
 * console.log(picture.includes('67 % won')) // true
 * ```
 */
export function outcomesPicture({ all, byFamily }: OutcomeReport): string {
  const groups = [...byFamily, { ...all, name: 'all' }]
  const most = Math.max(1, ...groups.map(({ cases }) => cases))
  const height = top + groups.length * row + 50
  const rows = groups.map((group, index) => {
    const y = top + index * row
    let x = left
    const bars = kinds.map((kind) => {
      const length = ((right - left) * group[kind]) / most
      const part = bar(x, y, length, row * 0.65, fills[kind], `${group.name}: ${group[kind]} ${kind}`)
      x += length
      return part
    })
    const rate = group.winRate === undefined ? '' : `${Math.round(group.winRate * 100)} % won`
    return `${label(left - 10, y + 16, group.name.replaceAll('_', ' '), 'end')}${bars.join('')}${label(x + 8, y + 16, rate, 'start', 11)}`
  })
  const words = groups
    .map((group) => `${group.name}: ${kinds.map((kind) => `${group[kind]} ${kind}`).join(', ')}`)
    .join('; ')
  return svg(width, height, 'How disputes ended', words, [
    ...rows,
    legend(
      left,
      height - 16,
      kinds.map((kind) => [fills[kind], kind] as const),
    ),
  ])
}
