import { decimalText } from '../../money/decimal-text.ts'
import type { Money } from '../../money/money.ts'
import { closingOf, type WrittenMovement, type WrittenStatement } from './movement.ts'

/**
 * A bank's file with one statement, as tests and demonstrations need it.
 *
 * @example
 * ```ts
 * import { money } from '@exprsn/payments'
 * import { readStatements } from '@exprsn/payments/statement'
 * import { writeStatement } from '@exprsn/payments/testing'
 *
 * const movements = [{ bookedOn: '2026-11-19', amount: money('49.90', 'EUR'), bankReference: 'B1', text: 'STRIPE po_1' }]
 * const file = writeStatement('camt', { id: 'S1', account: 'DE89', opening: money('0', 'EUR'), movements })
 * const [statement] = await readStatements(new TextEncoder().encode(file))
 * console.log(statement?.closing) // { amount: 4990n, currency: 'EUR' }
 * ```
 */
export function writeStatement(
  format: 'camt' | 'mt940' | 'ofx-sgml' | 'ofx-xml' | 'bai2',
  statement: WrittenStatement,
): string {
  if (format === 'camt') return camt(statement)
  if (format === 'mt940') return mt940(statement)
  if (format === 'bai2') return bai2(statement)
  return ofx(statement, format === 'ofx-xml')
}

function camt(statement: WrittenStatement): string {
  const { id, account, opening, movements } = statement
  const balance = (code: string, money: Money): string =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>${camtAmount(money)}<Dt><Dt>2026-01-01</Dt></Dt></Bal>`
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>M-${escapeXml(id)}</MsgId><CreDtTm>2026-01-01T00:00:00Z</CreDtTm></GrpHdr>
<Stmt><Id>${escapeXml(id)}</Id><CreDtTm>2026-01-01T00:00:00Z</CreDtTm>
<Acct><Id><IBAN>${account}</IBAN></Id><Ccy>${opening.currency}</Ccy></Acct>
${balance('OPBD', opening)}
${balance('CLBD', closingOf(statement))}
${movements.map(camtEntry).join('\n')}
</Stmt></BkToCstmrStmt></Document>
`
}

function camtEntry(movement: WrittenMovement): string {
  const {
    bookedOn,
    valueOn = bookedOn,
    amount,
    reversal = false,
    bankReference,
    reference,
    text,
    counterparty,
  } = movement
  // The parties of a reversal are those of what it takes back.
  const side = amount.amount >= 0n !== reversal ? 'Dbtr' : 'Cdtr'
  const party =
    counterparty === undefined ? '' : `<RltdPties><${side}><Nm>${escapeXml(counterparty)}</Nm></${side}></RltdPties>`
  return `<Ntry>${camtAmount(amount)}${reversal ? '<RvslInd>true</RvslInd>' : ''}<Sts>BOOK</Sts>
<BookgDt><Dt>${bookedOn}</Dt></BookgDt><ValDt><Dt>${valueOn}</Dt></ValDt><AcctSvcrRef>${bankReference}</AcctSvcrRef>
<NtryDtls><TxDtls><Refs><EndToEndId>${escapeXml(reference ?? 'NOTPROVIDED')}</EndToEndId></Refs>${party}
<RmtInf><Ustrd>${escapeXml(text)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`
}

function camtAmount({ amount, currency }: Money): string {
  const mark = amount < 0n ? 'DBIT' : 'CRDT'
  return `<Amt Ccy="${currency}">${decimalText(magnitude({ amount, currency }))}</Amt><CdtDbtInd>${mark}</CdtDbtInd>`
}

function mt940(statement: WrittenStatement): string {
  const { id, account, opening, movements } = statement
  const balance = (money: Money): string =>
    `${money.amount < 0n ? 'D' : 'C'}260101${money.currency}${comma(magnitude(money))}`
  const lines = movements.flatMap((movement) => {
    const { bookedOn, valueOn = bookedOn, amount, reversal = false, bankReference, reference, text } = movement
    const [value, booked] = [valueOn.slice(2).replaceAll('-', ''), bookedOn.slice(5).replace('-', '')]
    const isDebit = amount.amount < 0n
    const mark = reversal ? (isDebit ? 'RC' : 'RD') : isDebit ? 'D' : 'C'
    const name = movement.counterparty === undefined ? '' : `?32${movement.counterparty}`
    return [
      `:61:${value}${booked}${mark}${comma(magnitude(amount))}NTRF${reference ?? 'NONREF'}//${bankReference}`,
      `:86:166?00CREDIT?20${text}${name}`,
    ]
  })
  return [
    `:20:${id}`,
    `:25:${account}`,
    ':28C:1/1',
    `:60F:${balance(opening)}`,
    ...lines,
    `:62F:${balance(closingOf(statement))}`,
    '-',
    '',
  ].join('\r\n')
}

function ofx(statement: WrittenStatement, isXml: boolean): string {
  const { id, account, opening, movements } = statement
  const field = (name: string, value: string | undefined): string =>
    value === undefined ? '' : `<${name}>${escapeXml(value)}${isXml ? `</${name}>` : '\n'}`
  const day = (text: string): string => text.replaceAll('-', '')
  const transactions = movements.map((movement) => {
    const { bookedOn, valueOn = bookedOn, amount, reversal = false, bankReference, reference, text } = movement
    return `<STMTTRN>${field('TRNTYPE', 'OTHER')}${field('DTPOSTED', `${day(bookedOn)}120000`)}${field('DTAVAIL', day(valueOn))}${field('TRNAMT', decimalText(amount))}${field('FITID', bankReference)}${field('CORRECTACTION', reversal ? 'DELETE' : undefined)}${field('REFNUM', reference)}${field('NAME', movement.counterparty)}${field('MEMO', text)}</STMTTRN>`
  })
  const closing = decimalText(closingOf(statement))
  const header = isXml
    ? '<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE"?>\n'
    : 'OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:UTF-8\nCHARSET:NONE\n\n'
  return `${header}<OFX><BANKMSGSRSV1><STMTTRNRS>${field('TRNUID', id)}<STMTRS>${field('CURDEF', opening.currency)}<BANKACCTFROM>${field('ACCTID', account)}</BANKACCTFROM><BANKTRANLIST>
${transactions.join('\n')}
</BANKTRANLIST><LEDGERBAL>${field('BALAMT', closing)}${field('DTASOF', '20260101')}</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
`
}

function bai2(statement: WrittenStatement): string {
  const { account, opening, movements } = statement
  const closing = closingOf(statement)
  const day = (text: string): string => text.slice(2).replaceAll('-', '')
  const entries = movements.map((movement) => {
    const { bookedOn, valueOn = bookedOn, amount, reversal = false, bankReference, reference = '', text } = movement
    const isDebit = amount.amount < 0n
    const type = reversal ? (isDebit ? '455' : '255') : isDebit ? '475' : '165'
    return `16,${type},${magnitude(amount).amount},V,${day(valueOn)},,${bankReference},${reference},${text}`
  })
  const total = movements.reduce((sum, { amount }) => sum + magnitude(amount).amount, opening.amount + closing.amount)
  const accountLines = entries.length + 2
  const booked = movements[0]?.bookedOn ?? '2026-01-01'
  return [
    '01,BANK,HOST,260101,0000,1,,,2/',
    `02,HOST,BANK,1,${day(booked)},,${opening.currency},2/`,
    `03,${account},${opening.currency},010,${opening.amount},,,015,${closing.amount},,/`,
    ...entries,
    `49,${total},${accountLines}/`,
    `98,${total},1,${accountLines + 2}/`,
    `99,${total},1,${accountLines + 4}/`,
    '',
  ].join('\n')
}

function magnitude({ amount, currency }: Money): Money {
  return { amount: amount < 0n ? -amount : amount, currency }
}

function comma(money: Money): string {
  const text = decimalText(money)
  return text.includes('.') ? text.replace('.', ',') : `${text},`
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
