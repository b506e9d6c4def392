// Makes a failing schedule of a match without a server small, as the others are: fewer pages, fewer troubles, calmer weather.
import type { MembersSchedule, MembersTrouble, PagePlan } from "./members-schedule.js";
import { type Fails, type Shrunk, shrinkBy, type Ways } from "./shrink.js";

export function shrinkMembers(
  failing: MembersSchedule,
  fails: Fails<MembersSchedule>,
): Promise<Shrunk<MembersSchedule>> {
  return shrinkBy(WITHOUT_A_SERVER, failing, fails);
}

const WITHOUT_A_SERVER: Ways<MembersSchedule> = {
  lawful,
  count: ({ pages, guests = [] }) => pages.length + guests.length,
  without: (schedule, page) => {
    const { pages, guests = [] } = lucky(schedule);
    if (page >= pages.length) return withGuests(schedule, guests.toSpliced(page - pages.length, 1));
    if (pages.length <= 2) return schedule;
    const troubles = schedule.troubles.flatMap((trouble) => renumbered(trouble, page));
    return withGuests({ ...schedule, pages: pages.toSpliced(page, 1), troubles }, guests);
  },
  calmer: [
    (schedule, page) => {
      const calm = (plan: PagePlan, at: number): PagePlan => (at === page ? { ...plan, weather: {} } : plan);
      const { pages, guests = [] } = schedule;
      const behind = guests.map((plan, i) => calm(plan, pages.length + i));
      return withGuests({ ...schedule, pages: pages.map(calm) }, behind);
    },
  ],
};

function withGuests({ guests: _, ...schedule }: MembersSchedule, guests: PagePlan[]): MembersSchedule {
  return guests.length > 0 ? { ...schedule, guests } : schedule;
}

/** Each page with the luck that it has by its place: it keeps it when others are taken out. */
function lucky({ pages, guests = [], ...schedule }: MembersSchedule): MembersSchedule {
  const dealt = (first: number) => (plan: PagePlan, i: number) => ({ ...plan, dice: plan.dice ?? first + i });
  return { ...schedule, pages: pages.map(dealt(0)), guests: guests.map(dealt(pages.length)) };
}

/** Those of a page that is taken out go with it; those of pages behind it follow them. */
function renumbered(trouble: MembersTrouble, page: number): MembersTrouble[] {
  const moved = (seat: number): number => (seat > page ? seat - 1 : seat);
  switch (trouble.kind) {
    case "handOver":
      return [trouble];
    case "part":
      return [{ ...trouble, some: trouble.some.filter((seat) => seat !== page).map(moved) }];
    case "cut":
    case "storm":
    case "rebind": {
      const { one, other } = trouble;
      return one === page || other === page ? [] : [{ ...trouble, one: moved(one), other: moved(other) }];
    }
    default: {
      const { who } = trouble;
      if (who === "sequencer") return [trouble];
      return who === page ? [] : [{ ...trouble, who: moved(who) }];
    }
  }
}

/** Troubles end behind their beginning, and no match starts with half of its seats or fewer. */
function lawful({ startWith, ...schedule }: MembersSchedule): MembersSchedule {
  const { length } = schedule.pages;
  const troubles = schedule.troubles.map((trouble) =>
    "until" in trouble ? { ...trouble, until: Math.max(trouble.at + 1, trouble.until) } : trouble,
  );
  const least = Math.floor(length / 2) + 1;
  const starts = startWith === undefined ? {} : { startWith: Math.min(length, Math.max(least, startWith)) };
  return { ...schedule, ...starts, troubles };
}
