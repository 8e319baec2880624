import type { BankEntryDraft } from '../bank-entry.ts'

/** What field 86 adds to an entry. */
type Purpose = Partial<Pick<BankEntryDraft, 'text' | 'counterparty' | 'references'>>

const keywords = /(EREF|KREF|MREF|SVWZ|ABWA|ABWE|CRED|DEBT|COAM|OAMT)\+/g

/**
 * Field 86: plain text, or German banks' structure (`166?00…?20…?32…`, DFÜ-Abkommen, appendix 3) with SEPA keywords within
 * the purpose.
 */
export function readPurpose(value: string): Purpose {
  if (!/^\d{3}\?/.test(value)) return readKeywords(value.replaceAll('\n', ' ').trim())
  const subfields = new Map<string, string>()
  for (const part of value.replaceAll('\n', '').slice(4).split('?')) subfields.set(part.slice(0, 2), part.slice(2))
  const joined = (codes: readonly string[]): string => codes.map((code) => subfields.get(code) ?? '').join('')
  const name = joined(['32', '33']).trim()
  const purpose = readKeywords(joined([...range(20, 29), ...range(60, 63)]))
  return name === '' ? purpose : { ...purpose, counterparty: name }
}

function readKeywords(text: string): Purpose {
  const marks = [...text.matchAll(keywords)]
  if (marks.length === 0) return { text }
  const values = new Map<string, string>()
  marks.forEach((mark, index) => {
    const end = marks[index + 1]?.index ?? text.length
    values.set(mark[1]!, text.slice(mark.index + mark[0].length, end).trim())
  })
  const references = ['EREF', 'KREF', 'MREF'].flatMap((key) => {
    const value = values.get(key)
    return value === undefined || value === '' || value === 'NOTPROVIDED' ? [] : [value]
  })
  const before = text.slice(0, marks[0]!.index).trim()
  return { text: values.get('SVWZ') ?? before, ...(references.length === 0 ? {} : { references }) }
}

function range(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => String(from + index))
}
