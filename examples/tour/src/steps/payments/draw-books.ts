import { formatMoney } from '@exprsn/payments'
import type { Balance } from './judge.ts'

const row = 26
const left = 250
const width = 900
const colours: Readonly<Record<string, string>> = { assets: '#1d4ed8', income: '#15803d', expenses: '#c2410c' }

/** The accounts of the books as bars, by their kind. */
export function drawBooks(balances: readonly Balance[]): string {
  const shown = balances.toSorted((a, b) => (a.code < b.code ? -1 : 1))
  const most = Math.max(1, ...shown.map(({ amount }) => Math.abs(Number(amount.amount))))
  const bars = shown.map(({ code, amount }, index) => {
    const y = index * row + 6
    const long = ((Math.abs(Number(amount.amount)) / most) * (width - left - 130)).toFixed(1)
    return [
      `<text x="${left - 8}" y="${y + 13}" text-anchor="end">${code}</text>`,
      `<rect x="${left}" y="${y}" width="${long}" height="18" fill="${colours[code.split(':')[0]!] ?? '#64748b'}"/>`,
      `<text x="${left + Number(long) + 6}" y="${y + 13}">${formatMoney(amount, { locale: 'en' })}</text>`,
    ].join('')
  })
  const height = shown.length * row + 10
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">${bars.join('')}</svg>`
}
