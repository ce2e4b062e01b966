// How ical.js converts by a VTIMEZONE: reads [[ics, instants, walls], ...] from stdin, answers [[walls, instants], ...].
// The only argument is the path of ical.js.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { default: ICAL } = await import(pathToFileURL(process.argv[2]));

function timeOf(text, zone) {
  const [year, month, day, hour, minute, second] = text.match(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/).slice(1).map(Number);
  return new ICAL.Time({ year, month, day, hour, minute, second, isDate: false }, zone);
}

function written(time) {
  return time.toString().replaceAll(/[-:Z]/g, "");
}

function convert([ics, instants, walls]) {
  const component = new ICAL.Component(ICAL.parse(ics)).getFirstSubcomponent("vtimezone");
  const zone = new ICAL.Timezone(component);
  const utc = ICAL.Timezone.utcTimezone;
  return [
    instants.map((instant) => written(timeOf(instant, utc).convertToZone(zone))),
    walls.map((wall) => written(timeOf(wall, zone).convertToZone(utc))),
  ];
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(convert)));
