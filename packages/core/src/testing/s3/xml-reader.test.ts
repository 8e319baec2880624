import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { S3Refusal } from './s3-refusal.ts'
import { childText, readXml } from './xml-reader.ts'
import { element, xmlDocument } from './xml-writer.ts'

describe('readXml', () => {
  it('reads back any text that the writer wrote', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(childText(readXml(xmlDocument('Root', [element('Key', text)]), 'Root'), 'Key')).toBe(text)
      }),
      { numRuns: 200 },
    )
  })

  it('decodes the five named entities and numbers', () => {
    expect(readXml('<R>&lt;&gt;&amp;&quot;&apos;&#65;&#x1F600;</R>', 'R').text).toBe('<>&"\'A😀')
  })

  it('refuses what S3 would refuse', () => {
    const bad = [
      '',
      'text',
      '<R>',
      '</R>',
      '<R></S>',
      '<R/><R/>',
      '<S/>',
      '<R>&unknown;</R>',
      '<R>&amp</R>',
      '<R>&#0;</R>',
      '<R>&#xD800;</R>',
      '<R>&#x110000;</R>',
      '<!DOCTYPE R [<!ENTITY a "b">]><R>&a;</R>',
      '<R><!-- comment --></R>',
      '<R><![CDATA[x]]></R>',
      '<R><?php x?></R>',
      '<R a=b/>',
      '<R></R a="b">',
      `${'<R>'.repeat(20)}${'</R>'.repeat(20)}`,
      '<R>&__proto__;</R>',
    ]
    for (const source of bad) expect(() => readXml(source, 'R'), source).toThrow(S3Refusal)
  })

  it('never throws anything but a refusal', () => {
    const pieces = [
      '<',
      '>',
      '/',
      'R',
      '<R>',
      '</R>',
      '&',
      ';',
      '#x',
      '"',
      ' a="',
      '<?xml',
      '?>',
      '<!',
      ']]>',
      '\0',
      '😀',
    ]
    const source = fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(source, (text) => {
        try {
          readXml(text, 'R')
        } catch (error) {
          expect(error).toBeInstanceOf(S3Refusal)
        }
      }),
      { numRuns: 5_000 },
    )
  })
})
