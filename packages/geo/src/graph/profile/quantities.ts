const mile = 1.609344

/** A speed limit in km/h: a number, `30 mph`, `walk`; undefined for others, such as `none` and `DE:urban`. */
export function speedOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (text === 'walk') return 6
  const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*(km\/h|kmh|mph|knots)?$/.exec(text.trim()) ?? []
  if (digits === undefined || Number(digits) === 0) return undefined
  return Number(digits) * (unit === 'mph' ? mile : unit === 'knots' ? 1.852 : 1)
}

/** A length in metres: `3.8`, `3,8 m`, `12'6"`, `380 cm`; undefined for others, such as `default`. */
export function metresOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const plain = text.trim().replace(',', '.')
  const [, feet, inches] = /^(\d+)\s*(?:'|ft)\s*(?:(\d+(?:\.\d+)?)\s*(?:"|in)?)?$/.exec(plain) ?? []
  if (feet !== undefined) return Number(feet) * 0.3048 + Number(inches ?? 0) * 0.0254
  const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*(m|cm)?$/.exec(plain) ?? []
  return digits === undefined ? undefined : Number(digits) / (unit === 'cm' ? 100 : 1)
}

/** A weight in tonnes: `7.5`, `3500 kg`, `5 st`, `40000 lbs`; undefined for others. */
export function tonnesOf(text: string | undefined): number | undefined {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*(t|kg|st|lbs?)?$/.exec(text?.trim().replace(',', '.') ?? '') ?? []
  if (digits === undefined) return undefined
  return (
    Number(digits) * (unit === 'kg' ? 0.001 : unit === 'st' ? 0.90718474 : unit?.startsWith('lb') ? 0.00045359237 : 1)
  )
}

/** Seconds of a ferry's `duration`: `45` (minutes), `1:30`, `1:30:00`, `PT1H30M`; undefined for others. */
export function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const [, days, hours, minutes, seconds] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text) ?? []
  const iso = Number(days ?? 0) * 86_400 + Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)
  if (iso > 0) return iso
  const parts = text.split(':').map(Number)
  if (!/^\d+(:\d\d){0,2}$/.test(text)) return undefined
  const value = parts.length === 1 ? parts[0]! * 60 : parts[0]! * 3_600 + parts[1]! * 60 + (parts[2] ?? 0)
  return value > 0 ? value : undefined
}
