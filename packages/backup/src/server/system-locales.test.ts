import { describe, expect, it } from 'vitest'
import { localesOf, systemLocales } from './system-locales.ts'

describe('localesOf', () => {
  const locales = localesOf('C\nC.utf8\nPOSIX\nde_DE.utf8\nde_DE@euro\nen_US.iso88591\n')

  it.each(['C', 'POSIX', 'C.UTF-8', 'de_DE.UTF-8', 'de_DE.utf8', 'de_DE@euro', 'en_US.ISO-8859-1', 'en_US.ISO8859-1'])(
    'knows %s, however its encoding is written',
    (name) => expect(locales.has(name)).toBe(true),
  )

  it.each(['de_DE', 'en_US.UTF-8', 'xx_XX.UTF-8', 'de_DE.UTF-8@euro'])('does not know %j', (name) =>
    expect(locales.has(name)).toBe(false),
  )

  it('knows C where nothing is listed', () => {
    expect(localesOf('').has('C')).toBe(true)
    expect(localesOf('').has('POSIX')).toBe(true)
  })
})

describe('systemLocales', () => {
  it('has what every system has', async () => {
    const locales = await systemLocales()
    expect(locales?.has('C') ?? true).toBe(true)
    expect(locales?.has('xx_XX.UTF-8') ?? false).toBe(false)
  })
})
