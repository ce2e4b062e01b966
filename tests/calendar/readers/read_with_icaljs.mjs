// What ical.js (Thunderbird, Nextcloud) makes of calendar files: JSON, by path. The first argument is the module's own path.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [modulePath, ...paths] = process.argv.slice(2);
const { default: ICAL } = await import(pathToFileURL(modulePath));
const SHOWN = 60;

function moment(time) {
  if (!time) return null;
  if (time.isDate) return time.toString();
  if (time.zone === ICAL.Timezone.localTimezone) throw new Error("a floating time");
  return new Date(time.toUnixTime() * 1000).toISOString().replace(".000Z", "Z");
}

function person(property) {
  return { email: property.getFirstValue(), name: property.getParameter("cn") ?? "" };
}

function alarm(component) {
  const trigger = component.getFirstPropertyValue("trigger");
  return {
    at: trigger instanceof ICAL.Duration ? trigger.toSeconds() : moment(trigger),
    description: component.getFirstPropertyValue("description"),
  };
}

function occurrences(component) {
  const start = component.getFirstPropertyValue("dtstart");
  const rule = component.getFirstPropertyValue("rrule");
  if (!rule) return [moment(start)];
  const iterator = rule.iterator(start);
  const found = [];
  for (let next = iterator.next(); next && found.length < SHOWN; next = iterator.next()) found.push(moment(next));
  return found;
}

function entry(component) {
  const isEvent = component.name === "vevent";
  const value = (name) => component.getFirstPropertyValue(name);
  const organizer = component.getFirstProperty("organizer");
  return {
    component: component.name.toUpperCase(),
    uid: value("uid"),
    summary: value("summary") ?? "",
    description: value("description") ?? "",
    location: value("location") ?? "",
    start: moment(value(isEvent ? "dtstart" : "due")),
    end: moment(value("dtend")),
    sequence: value("sequence"),
    status: value("status"),
    categories: component.getAllProperties("categories").flatMap((property) => property.getValues()),
    alarms: component.getAllSubcomponents("valarm").map(alarm),
    organizer: organizer ? person(organizer) : null,
    attendees: component.getAllProperties("attendee").map(person),
    occurrences: isEvent ? occurrences(component) : [],
  };
}

function read(path) {
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(path, "utf8")));
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  return { entries: ["vevent", "vtodo"].flatMap((kind) => calendar.getAllSubcomponents(kind)).map(entry) };
}

process.stdout.write(JSON.stringify(Object.fromEntries(paths.map((path) => [path, read(path)]))));
