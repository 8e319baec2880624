import { ExprsnError } from '@exprsn/core'
import { fuzz } from '@exprsn/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { money } from '../money/index.ts'
import { writeStatement, type WrittenStatement } from '../testing/index.ts'
import { readStatements, streamStatements, type BankEntry, type CsvProfile } from './index.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const read = async (text: string, format?: CsvProfile) => readStatements(bytes(text), { format })
const formats = ['camt', 'mt940', 'ofx-sgml', 'ofx-xml', 'bai2'] as const
const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing was refused',
    (error: unknown) => (ExprsnError.is(error) ? `${error.code}: ${error.message}` : String(error)),
  )

const november: WrittenStatement = {
  id: 'S-11',
  account: 'DE89370400440532013000',
  opening: money('1000.00', 'EUR'),
  movements: [
    {
      bookedOn: '2026-11-18',
      amount: money('4990.00', 'EUR'),
      bankReference: 'B1',
      reference: 'E2E-1',
      text: 'STRIPE po_1',
    },
    { bookedOn: '2026-11-19', valueOn: '2026-11-18', amount: money('-12.34', 'EUR'), bankReference: 'B2', text: 'FEE' },
    { bookedOn: '2026-11-19', amount: money('-4990.00', 'EUR'), bankReference: 'B3', text: 'BACK', reversal: true },
  ],
}

/** What every format carries. */
const common = ({ bookedOn, valueOn, amount, bankReference, references, text, reversal }: BankEntry) => ({
  ...{ bookedOn, valueOn, amount, bankReference, references, text, reversal },
})

const movement = fc
  .record({
    day: fc.integer({ min: 0, max: 27 }),
    amount: fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }).filter((value) => value !== 0n),
    reversal: fc.boolean(),
    bankReference: fc.stringMatching(/^[A-Z0-9]{1,16}$/),
    reference: fc.option(fc.stringMatching(/^[A-Z0-9]{7,16}$/), { nil: undefined }),
    text: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 .]{0,18}[A-Za-z0-9]$/),
  })
  .map(({ day, amount, ...rest }) => ({
    ...rest,
    bookedOn: `2026-02-${String(day + 1).padStart(2, '0')}`,
    amount: money(amount, 'EUR'),
  }))

describe('bank statements', () => {
  it.each(formats)('%s: what is written is read, with its balances', async (format) => {
    const [statement] = await read(writeStatement(format, november))
    expect(statement).toMatchObject({
      account: november.account,
      currency: 'EUR',
      closing: money('987.66', 'EUR'),
      sum: money('-12.34', 'EUR'),
      count: 3,
      balances: format.startsWith('ofx') ? 'unstated' : 'hold',
    })
    expect(statement!.entries.map(({ amount }) => amount.amount)).toEqual([499_000n, -1_234n, -499_000n])
    expect(statement!.entries[1]).toMatchObject({ valueOn: '2026-11-18', text: 'FEE' })
    // A group of BAI2 has one date for all.
    expect(statement!.entries[1]!.bookedOn).toBe(format === 'bai2' ? '2026-11-18' : '2026-11-19')
    expect(statement!.entries[2]).toMatchObject({ reversal: true, bankReference: 'B3' })
  })

  it('are the same in every format, for 200 statements', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(movement, { minLength: 1, maxLength: 12 }), async (drawn) => {
        const movements = drawn.map((each) => ({ ...each, bookedOn: drawn[0]!.bookedOn }))
        const statement = { ...november, movements }
        const [first, ...others] = await Promise.all(
          formats.map(async (format) => (await read(writeStatement(format, statement)))[0]!.entries.map(common)),
        )
        for (const other of others) expect(other).toEqual(first)
      }),
      { numRuns: 200 },
    )
  })

  it.each(formats)('%s: where the bytes are parted makes no difference', async (format) => {
    const file = bytes(writeStatement(format, november))
    const whole = await readStatements(file)
    for (const size of [1, 7, 64]) {
      const pieces = Array.from({ length: Math.ceil(file.length / size) }, (_, at) =>
        file.subarray(at * size, (at + 1) * size),
      )
      expect(await readStatements(pieces)).toEqual(whole)
    }
  })

  it('name an entry by its content, alike ones by their number', async () => {
    const [first] = november.movements
    const twice = { ...november, movements: [first!, first!] }
    const [statement] = await read(writeStatement('camt', twice))
    const ids = statement!.entries.map(({ id }) => id)
    expect(ids[1]).toBe(`${ids[0]}#2`)
    const [overlapping] = await read(writeStatement('camt', { ...november, id: 'S-12', movements: [first!] }))
    expect(overlapping!.entries[0]!.id).toBe(ids[0])
  })

  it('fault: a truncated statement is refused, wherever it ends', async () => {
    for (const format of formats) {
      const text = writeStatement(format, november).trimEnd()
      for (let end = 0; end < text.length - 8; end += 13) {
        const found = await codeOf(read(text.slice(0, end)))
        expect([format, end, found]).toEqual([
          format,
          end,
          expect.stringMatching(/^(?:PAYMENTS_STATEMENT_|CORE_BYTES_)/),
        ])
      }
    }
  })

  it.each(['camt', 'mt940'] as const)('fault: %s: a broken balance chain names the difference', async (format) => {
    const text = writeStatement(format, november).replace(/4990([.,])00/, '4989$100')
    expect(await codeOf(read(text))).toMatch(/BALANCE_BROKEN.*S-11.*1\.00 EUR/)
  })

  it('fault: control totals that do not hold are refused', async () => {
    const text = writeStatement('bai2', november)
    expect(await codeOf(read(text.replace('475,1234', '475,1235')))).toMatch(/control total is/)
    expect(await codeOf(read(text.replace(/49,(\d+),5/, '49,$1,6')))).toMatch(/counts 6 records, and there are 5/)
  })

  /** Nine entities of ten of the one before: two billion letters, if anybody expanded them. */
  const bomb = `<!DOCTYPE a [<!ENTITY b0 "ha">${Array.from({ length: 9 }, (_, at) => `<!ENTITY b${at + 1} "${`&b${at};`.repeat(10)}">`).join('')}]>`

  it.each([
    ['three-decimal euros', 'camt', '4990.00', '4990.000', /more than 2 decimals/],
    ['three-decimal euros', 'mt940', 'C4990,00', 'C4990,000', /more than 2 decimals/],
    ['30 February', 'camt', '2026-11-18', '2026-02-30', /is no date/],
    ['30 February', 'mt940', '2611181118', '2602300230', /is no date/],
    ['30 February', 'ofx-sgml', '20261118', '20260230', /is no date/],
    [
      'currencies that disagree',
      'camt',
      '<Amt Ccy="EUR">4990',
      '<Amt Ccy="USD">4990',
      /an entry in USD in an account in EUR/,
    ],
    ['a currency that is none', 'camt', '<Amt Ccy="EUR">4990', '<Amt Ccy="ZZZ">4990', /ZZZ/],
    ['an amount below zero', 'camt', '>4990', '>-4990', /below zero/],
    ['no mark', 'camt', '<CdtDbtInd>CRDT', '<CdtDbtInd>BOTH', /neither CRDT nor DBIT/],
    ['an entry that is none', 'mt940', 'NTRFE2E', 'XTRFE2E', /is no entry/],
    [
      'an external entity (XXE)',
      'camt',
      '<Document',
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document',
      /DOCTYPE/,
    ],
    ['an entity (XXE)', 'ofx-xml', '<OFX>', '<OFX><!ENTITY x "y">', /document type/],
    ['an XML bomb', 'camt', '<Document', `${bomb}<Document`, /DOCTYPE/],
    ['an XML bomb', 'ofx-xml', '<OFX>', `${bomb}<OFX>`, /document type/],
  ] as const)('fault: %s in %s is refused', async (_, format, from, to, message) => {
    const text = writeStatement(format, november)
    expect(text).toContain(from)
    expect(await codeOf(read(text.replace(from, to)))).toMatch(message)
  })

  it('fault: wrong encodings are refused, and right ones read', async () => {
    const text = writeStatement('mt940', { ...november, movements: [{ ...november.movements[0]!, text: 'Müller' }] })
    const latin = Buffer.from(text, 'latin1')
    expect(await codeOf(readStatements(latin))).toMatch(/is not utf-8: pass its encoding/)
    const [statement] = await readStatements(latin, { encoding: 'windows-1252' })
    expect(statement!.entries[0]!.text).toBe('Müller')
    expect(await codeOf(readStatements(latin, { encoding: 'none' }))).toMatch(/encoding none is not known/)
    const sgml = Buffer.from(
      writeStatement('ofx-sgml', { ...november, movements: [{ ...november.movements[0]!, text: 'Müller' }] })
        .replace('ENCODING:UTF-8', 'ENCODING:USASCII')
        .replace('CHARSET:NONE', 'CHARSET:1252'),
      'latin1',
    )
    expect((await readStatements(sgml))[0]!.entries[0]!.text).toBe('Müller')
  })

  it('fault: files of another kind are refused', async () => {
    for (const text of ['', 'PK\u0003\u0004', '{"a":1}', 'date;amount\n1;2', '<html></html>', '<Document></Document>'])
      expect(await codeOf(read(text))).toMatch(/^PAYMENTS_STATEMENT_/)
  })

  it.each(formats)(
    'fault: %s: 1,000 mutated files are read or refused',
    async (format) => {
      const seedFile = bytes(writeStatement(format, november))
      const { findings } = await fuzz({
        corpus: [seedFile],
        runs: 1_000,
        seed: 11,
        target: async (input) =>
          void (await readStatements(input, { format: format.startsWith('ofx') ? 'ofx' : (format as 'camt') })),
      })
      expect(findings).toEqual([])
    },
    20_000,
  )

  it('end when the signal says so', async () => {
    const abort = new AbortController()
    const file = bytes(writeStatement('camt', november))
    const items = streamStatements([file.subarray(0, 600), file.subarray(600)], { signal: abort.signal })
    abort.abort(new Error('enough'))
    await expect(items.next()).rejects.toThrow('enough')
  })
})

describe('CAMT', () => {
  it('is read in its later versions, with pending entries apart', async () => {
    const text = writeStatement('camt', november)
      .replaceAll('camt.053.001.02', 'camt.053.001.08')
      .replaceAll('<Sts>BOOK</Sts>', '<Sts><Cd>BOOK</Cd></Sts>')
      .replace('</Stmt>', pendingEntry)
    const [statement] = await read(text)
    expect(statement).toMatchObject({ count: 3, balances: 'hold' })
    expect(statement!.entries[3]).toMatchObject({
      status: 'pending',
      counterparty: 'Stripe',
      amount: money('5', 'EUR'),
    })
  })

  it('gives what was sent in another currency', async () => {
    const text = writeStatement('camt', november).replace(
      '<Refs>',
      '<AmtDtls><InstdAmt><Amt Ccy="USD">5400.00</Amt></InstdAmt></AmtDtls><Refs>',
    )
    expect((await read(text))[0]!.entries[0]!.original).toEqual(money('5400.00', 'USD'))
  })

  it.each(['BkToCstmrAcctRpt/Rpt', 'BkToCstmrDbtCdtNtfctn/Ntfctn'])('is read as %s', async (names) => {
    const [outer, inner] = names.split('/') as [string, string]
    const text = writeStatement('camt', november).replaceAll('BkToCstmrStmt', outer).replaceAll('Stmt>', `${inner}>`)
    const fixed = text.replaceAll(`${outer.replace(/Stmt$/, '')}${inner}>`, `${outer}>`)
    expect((await read(fixed))[0]).toMatchObject({ count: 3 })
  })
})

const pendingEntry = `<Ntry><Amt Ccy="EUR">5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts>
<ValDt><Dt>2026-11-20</Dt></ValDt><NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>Stripe</Nm></Pty></Dbtr></RltdPties></TxDtls>
</NtryDtls></Ntry></Stmt>`

describe('MT940', () => {
  const file = (...lines: readonly string[]): string =>
    [':20:A', ':25:NL1', ':28C:1', ':60F:C251231EUR0,', ...lines].join('\r\n')

  it('books an entry of January at the turn of the year', async () => {
    const [statement] = await read(file(':61:2512310102C1,NTRFNONREF', ':86:X', ':62F:C260102EUR1,'))
    expect(statement!.entries[0]).toMatchObject({ bookedOn: '2026-01-02', valueOn: '2025-12-31' })
  })

  it('reads the keywords of SEPA and names over two subfields', async () => {
    const purpose = ':86:166?00GUTSCHRIFT?20EREF+E-77?21SVWZ+Thank?22 you?32Stripe Pay?33ments'
    const [statement] = await read(file(':61:260102C1,NTRFNONREF', purpose, ':62F:C260102EUR1,'))
    expect(statement!.entries[0]).toMatchObject({
      references: ['E-77'],
      text: 'Thank you',
      counterparty: 'Stripe Payments',
    })
  })

  it('is read within the blocks of a message, and several of them', async () => {
    const one = file(':62F:C260102EUR0,')
    const text = `{1:F01BANK}{2:O940}{4:\r\n${one}\r\n-}\r\n{1:F01BANK}{2:O940}{4:\r\n${one}\r\n-}\r\n`
    expect(await read(text)).toHaveLength(2)
  })
})

describe('CSV by a profile', () => {
  const profile: CsvProfile = {
    account: 'main',
    currency: 'EUR',
    date: 'dmy',
    decimal: ',',
    separator: ';',
    columns: { bookedOn: 'Datum', amount: 'Betrag', text: ['Zweck', 'Zusatz'], balance: 'Saldo' },
  }
  const rows = [
    'Datum;Betrag;Zweck;Zusatz;Saldo',
    '19.11.2026;1.234,50;"A ""quoted""; text";B;2.234,50',
    '20.11.2026;-0,5;C;;2.234,00',
  ]

  it('is read, and its running balance checked', async () => {
    const [statement] = await read(rows.join('\r\n'), profile)
    expect(statement).toMatchObject({
      opening: money('1000.00', 'EUR'),
      closing: money('2234.00', 'EUR'),
      balances: 'hold',
    })
    expect(statement!.entries.map(({ text, bookedOn }) => [bookedOn, text])).toEqual([
      ['2026-11-19', 'A "quoted"; text B'],
      ['2026-11-20', 'C'],
    ])
    const newest = [rows[0], rows[2], rows[1]].join('\n')
    expect((await read(newest, { ...profile, newestFirst: true }))[0]).toMatchObject({
      opening: money('1000.00', 'EUR'),
    })
    expect(await codeOf(read(newest, profile))).toMatch(/balance differs by/)
  })

  it('fault: hostile formulas stay text', async () => {
    const text = [rows[0], `19.11.2026;1,00;"=HYPERLINK(""http://x"")";@SUM(A1);1,00`].join('\n')
    expect((await read(text, profile))[0]!.entries[0]!.text).toBe('=HYPERLINK("http://x") @SUM(A1)')
  })

  it.each([
    ['a missing column', 'Datum;Betrag\n', /no column Zweck/],
    ['a short row', `${rows[0]}\n19.11.2026;1,00\n`, /2 fields of 5/],
    ['an open quote', `${rows[0]}\n19.11.2026;1,00;"A`, /within quotes/],
    ['text behind a quote', `${rows[0]}\n19.11.2026;1,00;"A"B;;1,00`, /behind a closing quote/],
    ['an amount in the other notation', `${rows[0]}\n19.11.2026;1,234.50;A;B;1,00`, /is no amount/],
    ['30 February', `${rows[0]}\n30.02.2026;1,00;A;B;1,00`, /is no date/],
  ])('fault: %s is refused', async (_, text, message) => {
    expect(await codeOf(read(text, profile))).toMatch(message)
  })

  it('takes credit and debit in columns of their own', async () => {
    const columns = { bookedOn: 'd', credit: 'in', debit: 'out', currency: 'c' }
    const [statement] = await read('d,in,out,c\n2026-01-02,5.00,,USD\n2026-01-03,,2.00,USD\n', {
      account: 'x',
      columns,
    })
    expect(statement).toMatchObject({ sum: money('3.00', 'USD'), balances: 'unstated' })
    expect(await codeOf(read('d,in,out,c\n2026-01-02,,,USD\n', { account: 'x', columns }))).toMatch(
      /either a credit or/,
    )
  })
})
