DROP INDEX messages_set_aside;
DROP TABLE channel_faults;
DROP TABLE channel_circuits;
DROP TABLE reached_people;
DROP TABLE sender_limits;
