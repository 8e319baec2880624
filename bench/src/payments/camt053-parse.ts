import { createHash } from 'node:crypto'
import { streamStatements } from '@exprsn/payments/statement'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'

/** An entry as banks write it, indented, with agents and codes that nobody asked for. */
function entry(at: number): string {
  const day = `2026-10-${String(1 + (at % 28)).padStart(2, '0')}`
  const cents = 1 + ((at * 7_919) % 1_000_000)
  const amount = (cents / 100).toFixed(2)
  return `      <Ntry>
        <NtryRef>${at}</NtryRef>
        <Amt Ccy="EUR">${amount}</Amt>
        <CdtDbtInd>CRDT</CdtDbtInd>
        <Sts>BOOK</Sts>
        <BookgDt>
          <Dt>${day}</Dt>
        </BookgDt>
        <ValDt>
          <Dt>${day}</Dt>
        </ValDt>
        <AcctSvcrRef>2026${String(at).padStart(12, '0')}</AcctSvcrRef>
        <BkTxCd>
          <Domn>
            <Cd>PMNT</Cd>
            <Fmly>
              <Cd>RCDT</Cd>
              <SubFmlyCd>ESCT</SubFmlyCd>
            </Fmly>
          </Domn>
          <Prtry>
            <Cd>NTRF+166</Cd>
            <Issr>DK</Issr>
          </Prtry>
        </BkTxCd>
        <NtryDtls>
          <TxDtls>
            <Refs>
              <EndToEndId>po_${at}ABCDEF</EndToEndId>
            </Refs>
            <AmtDtls>
              <TxAmt>
                <Amt Ccy="EUR">${amount}</Amt>
              </TxAmt>
            </AmtDtls>
            <RltdPties>
              <Dbtr>
                <Nm>${at % 5 === 0 ? 'Müller &amp; Söhne GmbH' : 'STRIPE PAYMENTS EUROPE LTD'}</Nm>
              </Dbtr>
              <DbtrAcct>
                <Id>
                  <IBAN>IE29AIBK93115212345678</IBAN>
                </Id>
              </DbtrAcct>
            </RltdPties>
            <RltdAgts>
              <DbtrAgt>
                <FinInstnId>
                  <BIC>AIBKIE2D</BIC>
                </FinInstnId>
              </DbtrAgt>
            </RltdAgts>
            <RmtInf>
              <Ustrd>STRIPE PAYOUT po_${at}ABCDEF ORDER ${at}</Ustrd>
            </RmtInf>
          </TxDtls>
        </NtryDtls>
      </Ntry>
`
}

function statement(count: number): Uint8Array {
  const balance = (code: string, cents: number): string =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${(cents / 100).toFixed(2)}</Amt>` +
    `<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-10-01</Dt></Dt></Bal>`
  let sum = 0
  for (let at = 0; at < count; at++) sum += 1 + ((at * 7_919) % 1_000_000)
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">` +
      `<BkToCstmrStmt><Stmt><Id>S</Id><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>` +
      `${balance('OPBD', 0)}${balance('CLBD', sum)}\n` +
      `${Array.from({ length: count }, (_, at) => entry(at)).join('')}</Stmt></BkToCstmrStmt></Document>`,
  )
}

/** A CAMT.053 statement in pieces of 64 kB to named entries with a checked balance, per second of CPU time. */
export const benchmark: Benchmark = {
  name: 'payments/camt053-parse',
  unit: 'MB/s',
  measure: 'cpu',
  better: 'higher',
  target: 50,
  peers: [],
  async prepare({ quick }) {
    const bytes = statement(quick ? 20_000 : 60_000)
    return {
      async run() {
        const hash = createHash('sha256')
        const before = process.cpuUsage()
        const pieces = function* (): Generator<Uint8Array> {
          for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
        }
        let count = 0
        for await (const item of streamStatements(pieces()))
          if (item.kind === 'entry') count++
          else hash.update(String(item.statement.sum.amount))
        const { user, system } = process.cpuUsage(before)
        return { value: bytes.length / (user + system), hash: hash.update(String(count)).digest('hex') }
      },
      async close() {},
    }
  },
}
