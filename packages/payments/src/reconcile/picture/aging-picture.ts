import type { AgeGroup } from './aging.ts'
import { bar, label, legend, svg } from './svg.ts'

const [width, height] = [720, 340]
const [left, right, top, bottom] = [60, 700, 60, 280]
const [matchedFill, openFill] = ['#3b7ea1', '#d9622b']

/**
 * Matched against open by age, as SVG: what is old and open should be rare.
 *
 * @example
 * ```ts
 * import { agingPicture } from '@exprsn/payments/reconcile'
 *
 * console.log(agingPicture([{ name: '0–1 days', matched: 90, open: 10 }]).startsWith('<svg')) // true
 * ```
 */
export function agingPicture(groups: readonly AgeGroup[]): string {
  const most = Math.max(1, ...groups.map(({ matched, open }) => matched + open))
  const step = (right - left) / Math.max(1, groups.length)
  const scale = (bottom - top) / most
  const bars = groups.map(({ name, matched, open }, index) => {
    const x = left + index * step + step * 0.15
    const [openHeight, matchedHeight] = [open * scale, matched * scale]
    return [
      bar(x, bottom - matchedHeight, step * 0.7, matchedHeight, matchedFill, `${name}: ${matched} matched`),
      bar(x, bottom - matchedHeight - openHeight, step * 0.7, openHeight, openFill, `${name}: ${open} open`),
      label(x + step * 0.35, bottom + 18, name, 'middle', 11),
      label(x + step * 0.35, bottom - matchedHeight - openHeight - 5, open === 0 ? '' : `${open} open`, 'middle', 11),
    ].join('')
  })
  const words = groups.map(({ name, matched, open }) => `${name}: ${matched} matched, ${open} open`).join('; ')
  return svg(width, height, 'Matched and open, by age', words, [
    label(left - 8, top + 4, String(most), 'end', 11),
    label(left - 8, bottom + 4, '0', 'end', 11),
    ...bars,
    legend(left, height - 18, [
      [matchedFill, 'matched'],
      [openFill, 'open'],
    ]),
  ])
}
