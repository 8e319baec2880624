import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { fuzz } from '../../testing/fuzz/fuzz.ts'
import { readXml } from './read-xml.ts'
import type { XmlEvent } from './xml-event.ts'
import type { XmlLimits } from './xml-limits.ts'
import { XmlReader } from './xml-reader.ts'

const code = (expected: string): unknown => expect.objectContaining({ code: expected })

function read(document: string | Uint8Array, limits?: XmlLimits): XmlEvent[] {
  const reader = new XmlReader(limits)
  const bytes = typeof document === 'string' ? Buffer.from(document) : document
  return [...reader.push(bytes), ...reader.end()]
}

async function collect(source: Iterable<Uint8Array>, signal?: AbortSignal): Promise<XmlEvent[]> {
  const events: XmlEvent[] = []
  for await (const event of readXml(source, { signal })) events.push(event)
  return events
}

const texts = (events: readonly XmlEvent[]): string[] =>
  events.flatMap((event) => (event.kind === 'text' ? [event.text] : []))

/** Events as saxes sees them, in our form without offsets. */
function readWithSaxes(document: string): unknown[] {
  const events: unknown[] = []
  let text = ''
  const flush = (): void => {
    if (text !== '') events.push({ kind: 'text', text })
    text = ''
  }
  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', (error) => {
    throw error
  })
  let depth = 0
  parser.on('text', (piece) => {
    if (depth > 0) text += piece
  })
  parser.on('cdata', (piece) => (text += piece))
  parser.on('opentag', (tag) => {
    flush()
    depth++
    const attributes = Object.values(tag.attributes).map(({ name, prefix, local, uri, value }) => {
      return { name, prefix: name === 'xmlns' ? '' : prefix, local, namespace: uri, value }
    })
    events.push({ kind: 'start', name: tag.name, prefix: tag.prefix, local: tag.local, namespace: tag.uri, attributes })
  })
  parser.on('closetag', (tag) => {
    flush()
    depth--
    events.push({ kind: 'end', name: tag.name, prefix: tag.prefix, local: tag.local, namespace: tag.uri })
  })
  parser.write(document).close()
  return events
}

const withoutOffsets = (events: readonly XmlEvent[]): unknown[] => events.map(({ offset: _, ...event }) => event)

const name = fc.constantFrom('a', 'b', 'x:c', 'größe', '名', '_-.1')
const content = fc.oneof(
  fc.string({
    unit: fc.constantFrom('a', ' ', '\n', '\r\n', 'é', '😀', '&amp;', '&lt;', '&#x20AC;', '&#10;', '>', '"', "'"),
  }),
  fc.constantFrom(
    '<!-- a - comment > -->',
    '<?pi some="thing"?>',
    '<![CDATA[<&]]]]>',
    '<![CDATA[]]>',
    '<![CDATA[é\r\n]]>',
  ),
)
const { element } = fc.letrec<{ element: string }>((tie) => ({
  element: fc
    .tuple(
      name,
      fc.uniqueArray(fc.constantFrom('k', 'l', 'x:k', 'y:k', 'é'), { maxLength: 4 }),
      fc.string({ unit: fc.constantFrom('v', '\n', '\t', '&quot;', '>', 'é', "'", '&#9;') }),
      fc.array(fc.oneof({ depthSize: 'small' }, content, tie('element')), { maxLength: 4 }),
      fc.boolean(),
    )
    .map(([tag, attributes, value, children, declares]) => {
      const list = attributes.map((attribute) => ` ${attribute} = "${value}"`).join('')
      const spaces = `xmlns:x="urn:x${declares ? 1 : 2}" xmlns:y="urn:y" ${declares ? 'xmlns="urn:default"' : ''}`
      return children.length === 0
        ? `<${tag} ${spaces}${list}/>`
        : `<${tag} ${spaces}${list}>${children.join('')}</${tag}\n>`
    }),
}))

describe('XmlReader', () => {
  it('sees what saxes sees, whatever the split', () => {
    fc.assert(
      fc.property(element, fc.array(fc.nat(2_000), { maxLength: 8 }), (document, cuts) => {
        const events = read(document)
        expect(withoutOffsets(events)).toEqual(readWithSaxes(document))
        const bytes = Buffer.from(document)
        const reader = new XmlReader()
        const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
        const parts = places.slice(1).flatMap((end, index) => reader.push(bytes.subarray(places[index], end)))
        expect([...parts, ...reader.end()]).toEqual(events)
      }),
      { numRuns: 200 },
    )
  })

  it('gives the same events for every single split, also byte by byte', async () => {
    const document = Buffer.from(
      '<?xml version="1.0" encoding="utf-8"?><!-- c --><r xmlns:é="urn:e"><é:a k="é&amp;">t<![CDATA[]]]]><![CDATA[>]]>ü</é:a><?p i?></r>\n',
    )
    const whole = read(document)
    for (let cut = 0; cut <= document.length; cut++) {
      const reader = new XmlReader()
      const events = [
        ...reader.push(document.subarray(0, cut)),
        ...reader.push(document.subarray(cut)),
        ...reader.end(),
      ]
      expect(events).toEqual(whole)
    }
    const single = Array.from(document, (byte) => Uint8Array.of(byte))
    expect(await collect(single)).toEqual(whole)
    expect(texts(whole)).toEqual(['t]]>ü'])
  })

  it.each([
    ['UTF-8 with a mark', Buffer.from('\uFEFF<a k="é">ü😀</a>')],
    ['UTF-16 LE with a mark', Buffer.from('\uFEFF<?xml version="1.0" encoding="UTF-16"?><a k="é">ü😀</a>', 'utf16le')],
    ['UTF-16 LE', Buffer.from('<a k="é">ü😀</a>', 'utf16le')],
    ['UTF-16 BE', Buffer.from('\uFEFF<a k="é">ü😀</a>', 'utf16le').swap16()],
  ])('reads %s, in any pieces', (_, bytes) => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      const reader = new XmlReader()
      const events = [...reader.push(bytes.subarray(0, cut)), ...reader.push(bytes.subarray(cut)), ...reader.end()]
      expect(events[0]).toMatchObject({ attributes: [{ name: 'k', value: 'é' }] })
      expect(texts(events)).toEqual(['ü😀'])
    }
  })

  it('reads ISO-8859-1 when declared', () => {
    const bytes = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a k="é">ü</a>', 'latin1')
    expect(texts(read(bytes))).toEqual(['ü'])
  })

  it.each([
    ['', 0],
    ['<a>', 3],
    ['<a></b>', 3],
    ['<a/><b/>', 4],
    ['text<a/>', 0],
    ['<a k=1/>', 5],
    ['<a k="1"k2="2"/>', 8],
    ['<a k="1" k="2"/>', 1],
    ['<a k="<"/>', 5],
    ['<a>&nbsp;</a>', 3],
    ['<a>&#0;</a>', 3],
    ['<a>&#xD800;</a>', 3],
    ['<a>&</a>', 3],
    ['<a>]]></a>', 3],
    ['<a>\u0001</a>', 3],
    ['<p:a/>', 1],
    ['<a xmlns:p=""/>', 1],
    ['<a xmlns:xml="urn:x"/>', 1],
    ['<a xmlns:p="u" xmlns:q="u" p:k="" q:k=""/>', 1],
    ['<1a/>', 1],
    ['<a><!-- -- --></a>', 8],
    ['<a><![CDATA[', 12],
    ['<a/><![CDATA[x]]>', 4],
    ['<a/><?xml version="1.0"?>', 4],
    ['<?xml version="1.0" encoding="ebcdic"?><a/>', 0],
    ['<!ELEMENT a>', 0],
  ])('refuses %j at byte %i', (document, offset) => {
    expect(() => read(document)).toThrow(
      expect.objectContaining({ code: 'CORE_BYTES_XML_INVALID', details: expect.objectContaining({ offset }) }),
    )
  })

  it('refuses bytes that are not UTF-8 or UTF-16', () => {
    expect(() => read(Buffer.from('<a>\xff</a>', 'latin1'))).toThrow('not valid UTF-8')
    expect(() => read(Buffer.from('<\0a\0>\0\0\xd8<\0/\0a\0>\0', 'latin1'))).toThrow('not valid UTF-16')
  })

  it('refuses document types: no entity expands, no file is read', () => {
    expect(() => read('<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>')).toThrow(code('CORE_BYTES_XML_DOCTYPE'))
    expect(() => read('<?xml version="1.0"?>\n<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>')).toThrow('at byte 22')
  })

  it.each([
    ['<a>'.repeat(5), { maximumDepth: 4 }],
    ['<a b="" c="" d=""/>', { maximumAttributes: 2 }],
    ['<abcdef/>', { maximumNameBytes: 5 }],
    [`<a b="${'x'.repeat(100)}"/>`, { maximumTagBytes: 50 }],
    [`<a b="${'x'.repeat(100)}`, { maximumTagBytes: 50 }],
    [`<?a ${'x'.repeat(100)}`, { maximumTagBytes: 50 }],
    [`<a>${'x'.repeat(100)}`, { maximumTextBytes: 50 }],
    [`<a><![CDATA[${'x'.repeat(100)}`, { maximumTextBytes: 50 }],
  ] as const)('holds to the limits: %s', (document, limits) => {
    expect(() => read(document, limits)).toThrow(code('CORE_BYTES_XML_LIMIT'))
  })

  it('needs no memory for a long comment', () => {
    const reader = new XmlReader({ maximumTagBytes: 100, maximumTextBytes: 100 })
    reader.push(Buffer.from('<a><!--'))
    for (let piece = 0; piece < 100; piece++) reader.push(Buffer.alloc(10_000, 'c'))
    expect([...reader.push(Buffer.from('--></a>')), ...reader.end()]).toHaveLength(1)
  })

  it('stops on a signal', async () => {
    const stop = AbortSignal.abort(new Error('enough'))
    await expect(collect([Buffer.from('<a/>')], stop)).rejects.toThrow('enough')
  })

  it('meets 5,000 mutants with typed errors, and never accepts what saxes refuses', async () => {
    const corpus = [
      '<?xml version="1.0" encoding="UTF-8"?><r xmlns="u" xmlns:p="v"><p:a k="v&lt;">text<!-- c --><![CDATA[d]]></p:a><b/></r>',
      '<a>é&#x41;<?p i?></a>',
    ]
    const dictionary = [
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '&#',
      '<?',
      '?>',
      '</',
      '/>',
      'xmlns:',
      '__proto__',
      '<!DOCTYPE',
    ]
    const lenient: string[] = []
    const report = await fuzz({
      corpus,
      dictionary,
      target: (bytes) => {
        read(bytes)
        const document = Buffer.from(bytes).toString('utf8')
        try {
          readWithSaxes(document.replace(/^\uFEFF/u, ''))
        } catch (error) {
          lenient.push(`${document}: ${String(error)}`)
        }
      },
    })
    expect(report.findings).toEqual([])
    expect(report.refused).toBeGreaterThan(2_000)
    expect(lenient).toEqual([])
  })
})
