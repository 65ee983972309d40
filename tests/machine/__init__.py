"""A plant in which anything happens in any order: every act, by anybody, with crashes and redeliveries."""
